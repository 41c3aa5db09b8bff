import Artefacts
import Foundation
import Reading
import Stripping
import TestSupport
import Testing

/// A file of Tests/Samples/located, which tells where and with what it was made.
struct LocatedSample: Sendable, CustomTestStringConvertible {
    let file: String
    let type: MediaType
    /// What has to stay byte for byte, as a reader of its own finds it.
    let media: @Sendable ([UInt8]) -> [UInt8]

    var testDescription: String { file }

    var bytes: [UInt8] { get throws { try Samples.bytes("located/\(file)") } }

    static let all: [LocatedSample] = [
        LocatedSample(file: "photo.jpg", type: "image/jpeg", media: Media.scans),
        LocatedSample(file: "progressive.jpg", type: "image/jpeg", media: Media.scans),
        LocatedSample(file: "motion.jpg", type: "image/jpeg", media: Media.scans),
        LocatedSample(file: "drawing.png", type: "image/png", media: Media.chunks("IDAT", "iCCP")),
        LocatedSample(file: "moving.png", type: "image/apng", media: Media.chunks("IDAT", "fdAT", "fcTL", "acTL")),
        LocatedSample(file: "moving.gif", type: "image/gif", media: { Media.frames($0) }),
        LocatedSample(file: "photo.webp", type: "image/webp", media: Media.riff("VP8 ", "ICCP")),
        LocatedSample(file: "moving.webp", type: "image/webp", media: Media.riff("ANIM", "ANMF")),
        LocatedSample(file: "scan.tif", type: "image/tiff", media: Media.strips),
        LocatedSample(file: "raw.dng", type: "image/dng", media: Media.strips),
        LocatedSample(file: "photo.heic", type: "image/heic", media: { Array($0.suffix(179)) }),
        LocatedSample(file: "photo.avif", type: "image/avif", media: { Array($0.suffix(237)) }),
        LocatedSample(file: "clip.mov", type: "video/quicktime", media: { Media.box("mdat", $0) }),
        LocatedSample(file: "video.mp4", type: "video/mp4", media: { Media.box("mdat", $0) }),
        LocatedSample(file: "fragments.mp4", type: "video/mp4", media: { Media.box("mdat", $0) }),
        LocatedSample(
            file: "positions.mp4", type: "video/mp4", media: { Array(Media.box("mdat", $0).dropLast(92)) }),
        LocatedSample(file: "clip.3gp", type: "video/3gpp", media: { Media.box("mdat", $0) }),
        LocatedSample(file: "voice.m4a", type: "audio/mp4", media: { Media.box("mdat", $0) }),
        LocatedSample(file: "voice.mov", type: "audio/mp4", media: { Media.box("mdat", $0) }),
        LocatedSample(file: "clip.webm", type: "video/webm", media: { $0.from([0x1F, 0x43, 0xB6, 0x75]) }),
        LocatedSample(file: "clip.mkv", type: "video/x-matroska", media: { $0.from([0x1F, 0x43, 0xB6, 0x75]) }),
    ]

    /// What the samples were given by `located.py`, as it stands in them.
    static let secrets: [[UInt8]] =
        [
            "51.507351", "51,30.44", "0.127758", "0,7.6654", "SN-4711", "Pixelmaker", "Sam Example", "GPS5", "Phone 7",
            "com.apple.quicktime.make", "London",
        ].map { Array($0.utf8) } + [
            // 51 degrees, 30 minutes; 26.4636 seconds; 27.9288 seconds; and as fixed-point numbers of 3GPP.
            [0, 0, 0, 51, 0, 0, 0, 1, 0, 0, 0, 30], [51, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0],
            [0, 1, 2, 0x6F, 0, 0, 9, 0xC4], [0x6F, 2, 1, 0, 0xC4, 9, 0, 0],
            [0, 0, 0xC2, 0xF7, 0, 0, 4, 0xE2], [0xF7, 0xC2, 0, 0, 0xE2, 4, 0, 0],
            [0xFF, 0xFF, 0xDF, 0x4B, 0, 0x33, 0x81], [0xFF, 0xFF, 0xDF, 0x4C, 0, 0x33, 0x81],
        ]
}

/// The copy without a location.
func copy(of bytes: [UInt8], type: MediaType) throws -> [UInt8] {
    var copy: [UInt8] = []
    try LocationFreeCopy.make(try .sealing(bytes), type: type) { copy.append(contentsOf: $0) }
    return copy
}

extension Array where Element == UInt8 {
    /// The secrets that are found.
    func secrets() -> [String] {
        let data = Data(self)
        return LocatedSample.secrets.filter { data.range(of: Data($0)) != nil }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// What begins with the first such text.
    func from(_ text: [UInt8]) -> [UInt8] {
        Data(self).range(of: Data(text)).map { Array(dropFirst($0.lowerBound)) } ?? []
    }
}
