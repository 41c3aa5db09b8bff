internal import Artefacts
internal import InspectionWire
internal import Reading

/// Whether all of a file is there. Bounded work, whatever its size.
struct WholenessCheck {
    let file: FileBytes
    let mimeType: MediaType
    let boxes: MediaBoxes?
    let container: MediaContainer?
    let jpeg: JPEGMarkers?
    let png: PNGChunks?
    let zip: ZipDirectory?

    var result: Wholeness {
        if file.read(at: 0, count: 4096).allSatisfy({ $0 == 0 }) { return .damaged(evidence: "nothing but zeros") }
        if let jpeg { return Self.whole(jpeg.hasScan && jpeg.hasEnd, or: "no end-of-image marker") }
        if let png { return Self.whole(png.hasEnd, or: "no IEND chunk") }
        if let boxes { return boxed(boxes) }
        if let zip { return Self.whole(zip.hasEnd, or: "no end of central directory") }
        switch mimeType {
        case "application/pdf":
            return Self.whole(file.tail(2048).contains(text: "%%EOF"), or: "no %%EOF at the end")
        case "image/gif": return Self.whole(file.tail(1) == [0x3B], or: "no trailer")
        case "image/webp", "audio/wav", "video/x-msvideo": return riff
        case _ where mimeType.type == "audio" || mimeType.type == "video":
            return Self.whole(container != nil, or: "no readable stream")
        default: return .unknown
        }
    }

    private func boxed(_ boxes: MediaBoxes) -> Wholeness {
        guard boxes.isWhole else { return .damaged(evidence: "boxes do not end where the file ends") }
        if mimeType.type == "image" { return Self.whole(boxes.hasMeta, or: "no meta box") }
        return Self.whole(boxes.hasMovie && container != nil, or: "no readable movie box")
    }

    /// A recorder that was cut off leaves the size 0 or all ones: no damage by itself.
    private var riff: Wholeness {
        guard let size: UInt32 = file.read(at: 4, count: 4).littleEndian(0) else {
            return .damaged(evidence: "no RIFF size")
        }
        if size == 0 || size == .max { return .unknown }
        return Self.whole(Int64(size) + 8 <= file.size, or: "shorter than its RIFF size")
    }

    private static func whole(_ isWhole: Bool, or evidence: String) -> Wholeness {
        isWhole ? .whole : .damaged(evidence: evidence)
    }
}
