import Artefacts
import TestSupport
import Testing

@testable import Rendering

@Suite struct WaveformTests {
    @Test func `silence is zero, and as loud as can be is 255`() {
        var meter = PeakMeter()
        meter.take([Float](repeating: 0, count: 800))
        meter.take((0..<800).map { $0 % 2 == 0 ? 1 : -1 })

        #expect(meter.peaks == [UInt8](repeating: 0, count: 10) + [UInt8](repeating: 255, count: 10))
    }

    @Test(arguments: [0, 1, 80, 160_000, 160_001, 1_000_000])
    func `however long it is, there are no more peaks than a page needs`(_ count: Int) {
        var meter = PeakMeter()
        meter.take((0..<count).map { Float($0) / Float(count) })

        #expect(meter.samples == count)
        #expect(meter.peaks.count <= Waveform.maximumCount)
        #expect(meter.peaks == meter.peaks.sorted())
        #expect(count < 160_000 || meter.peaks.count >= Waveform.maximumCount / 2)
        #expect(count < 160_000 || meter.peaks.last == 255)
    }

    @Test func `the JSON says how long and how loud`() {
        let json = String(decoding: Waveform(duration: 61.0625, peaks: [0, 7, 255]).json, as: UTF8.self)

        #expect(json == #"{"version":1,"duration":61.063,"peaks":[0,7,255]}"#)
    }

    @Test func `the picture has bars as high as the recording is loud`() throws {
        let picture = try WaveformPicture.picture(of: Waveform(duration: 2, peaks: [10, 100]))

        #expect((picture.width, picture.height, picture.bands) == (960, 160, 4))
        #expect(picture.pixel(0, 79)[3] == 255)
        #expect(picture.pixel(0, 2)[3] == 0)
        #expect(picture.pixel(956, 2)[3] == 255)
        // Between two bars.
        #expect(picture.pixel(3, 79)[3] == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a damaged file cannot claim a rate that takes minutes to compute with`() throws {
        var file = try Samples.bytes("Dates/dictated.wav")
        // 268,443,456 samples in a second.
        file[27] = 0x10

        let made = try Made([.waveform], of: file, as: "audio/wav")

        #expect(made.results[.waveform] == .failure(.init(reason: "the recording cannot be converted")))
    }
}
