internal import FoundationEssentials
internal import Glibc
internal import InspectionWire
internal import Reading

extension FileProbe {
    /// Has the libraries do what they do only once, such as to read the
    /// system's time zone.
    ///
    /// A confined process cannot open such files any more, and each process
    /// that is forked would do again what was not done before.
    package func warmUp() {
        // For gmtime and its kin in C libraries; Foundation has a time zone of its own.
        tzset()
        _ = XMLValues(Array("<x/>".utf8))
        for sample in [Self.sound, Self.picture] {
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

    /// A picture of one pixel, cut before its first line, with the date it was made.
    ///
    /// Source: ITU T.81; EXIF 2.32, tag 0x9003.
    private static var picture: [UInt8] {
        let exif: [UInt8] =
            Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8]
            + [0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0]
            + [0, 1, 0x90, 0x03, 0, 2, 0, 0, 0, 20, 0, 0, 0, 44, 0, 0, 0, 0]
            + Array("2000:01:01 00:00:00\0".utf8)
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
            + [0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xFF, 0xD9]
    }
}
