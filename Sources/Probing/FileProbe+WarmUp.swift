internal import FoundationEssentials
internal import Glibc
internal import InspectionWire
internal import Reading

extension FileProbe {
    /// Has the libraries do what they do only once, such as to read the
    /// system's time zone, and Swift look up the types of a report.
    ///
    /// A confined process cannot open such files any more, and each process
    /// that is forked would do again what was not done before.
    package func warmUp() {
        // For gmtime and its kin in C libraries; Foundation has a time zone of its own.
        tzset()
        _ = XMLValues(Array("<x/>".utf8))
        for sample in [Self.sound, Self.picture, Array("A letter.\n".utf8)] {
            guard let file = FileBytes(sealing: sample), let report = try? report(on: file),
                let frame = try? InspectionAnswer.report(report).frame()
            else { continue }
            _ = try? InspectionAnswer(frame: frame)
        }
    }

    /// A tenth of a second of silence.
    ///
    /// Source: Multimedia Programming Interface and Data Specifications 1.0 (RIFF WAVE).
    private static var sound: [UInt8] {
        let silence = [UInt8](repeating: 0x80, count: 800)
        return Array("RIFF".utf8) + [0x44, 0x03, 0, 0] + Array("WAVEfmt ".utf8)
            + [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0]
            + Array("data".utf8) + [0x20, 0x03, 0, 0] + silence
    }

    /// A picture of one pixel, cut before its first line, with what a telephone writes: its maker, when and where.
    ///
    /// Source: ITU T.81; EXIF 2.32, tags 0x010F, 0x8769, 0x8825 and 0x9003, and of places 1 to 4.
    private static var picture: [UInt8] {
        let main = directory([
            tag(0x010F, 2, 4, Array("Abc\0".utf8)), tag(0x8769, 4, 1, [0, 0, 0, 50]), tag(0x8825, 4, 1, [0, 0, 0, 68]),
        ])
        let date = directory([tag(0x9003, 2, 20, [0, 0, 0, 122])])
        let place = directory([
            tag(1, 2, 2, Array("N\0\0\0".utf8)), tag(2, 5, 3, [0, 0, 0, 142]),
            tag(3, 2, 2, Array("E\0\0\0".utf8)), tag(4, 5, 3, [0, 0, 0, 142]),
        ])
        let degrees: [UInt8] = Array([[0, 0, 0, 1], [0, 0, 0, 1]].joined())
        let values = Array("2000:01:01 00:00:00\0".utf8) + degrees + degrees + degrees
        let exif = Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8] + main + date + place + values
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
            + [0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xD9]
    }

    private static func directory(_ tags: [[UInt8]]) -> [UInt8] {
        [0, UInt8(tags.count)] + tags.joined() + [0, 0, 0, 0]
    }

    private static func tag(_ number: UInt16, _ type: UInt8, _ count: UInt8, _ value: [UInt8]) -> [UInt8] {
        [UInt8(number >> 8), UInt8(number & 255), 0, type, 0, 0, 0, count] + value
    }
}
