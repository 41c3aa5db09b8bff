internal import Artefacts
internal import InspectionWire
internal import Reading

/// Whether all of a file is there, from what its reader and libavformat found.
struct WholenessCheck {
    let file: FileBytes
    let finding: FormatFinding?
    let container: MediaContainer?

    /// Bytes that are looked through for anything but zeros.
    private static let maximumScan: Int64 = 256 << 20

    var result: Wholeness {
        if file.size == 0 { return .damaged(evidence: "no bytes") }
        if isEmpty { return .damaged(evidence: "nothing but zeros") }
        guard let finding else { return .unknown }
        guard finding.isRecording, !finding.wholeness.isDamaged else { return finding.wholeness }
        guard let container else {
            // No library reads every dictation.
            let isReadable = finding.mimeType != "audio/x-dss" && !finding.features.contains(.rightsManaged)
            return isReadable ? .damaged(evidence: "no readable stream") : .unknown
        }
        // What needs a licence cannot be decoded without one.
        let isLocked =
            finding.features.contains(.rightsManaged) || container.streams.contains(where: \.isProtected)
        if let damage = container.damage, !isLocked { return .damaged(evidence: damage) }
        return finding.wholeness
    }

    /// Whether there is nothing in it but zeros; said only of a file of which every byte was read.
    var isAllZeros: Bool { file.size > 0 && file.size <= Self.maximumScan && isEmpty }

    /// Disks and phones leave zeros where nothing was written.
    private var isEmpty: Bool {
        guard file.read(at: 0, count: 4096).allSatisfy({ $0 == 0 }) else { return false }
        var isEmpty = true
        file.scan(from: 0, to: Self.maximumScan) { _, piece in
            isEmpty = piece.allSatisfy { $0 == 0 }
            return isEmpty ? .onwards : .enough
        }
        return isEmpty
    }
}
