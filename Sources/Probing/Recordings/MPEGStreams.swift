internal import Artefacts
internal import InspectionWire
internal import Reading

/// Transport and program streams of MPEG, from camcorders and discs.
///
/// Source: ISO/IEC 13818-1, sections 2.4.3 and 2.5.3; Blu-ray's packets have four bytes before each.
enum MPEGStreams {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        transport(file, head, packet: 188, offset: 0) ?? transport(file, head, packet: 192, offset: 4)
            ?? transport(file, head, packet: 204, offset: 0) ?? program(file, head)
    }

    private static func transport(_ file: FileBytes, _ head: [UInt8], packet: Int, offset: Int) -> FormatFinding? {
        let places = (0..<5).map { offset + $0 * packet }
        guard places.allSatisfy({ $0 < head.count && head[$0] == 0x47 }) else { return nil }
        var finding = FormatFinding("video/mp2t", puid: packet == 192 ? "fmt/1055" : "fmt/585")
        let rest = file.size % Int64(packet)
        let isInStep = file.read(at: file.size - rest - Int64(packet) + Int64(offset), count: 1) == [0x47]
        // A stream has no end, but it ends with a packet.
        if rest != 0, isInStep { finding.wholeness = .damaged(evidence: "the last packet is cut") }
        return finding
    }

    private static func program(_ file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        if head.starts(with: [0, 0, 1, 0xB3]) { return FormatFinding("video/mpeg", puid: "fmt/649") }
        guard head.starts(with: [0, 0, 1, 0xBA]), head.count > 64 else { return nil }
        let isDisc = Array(head.prefix(4096)).containsBytes([0, 0, 1, 0xBF, 0x03, 0xD4])
        var finding = FormatFinding("video/mpeg", puid: head[4] & 0xC0 == 0x40 ? "x-fmt/386" : "x-fmt/385")
        if isDisc { finding.puid = "fmt/425" }
        if file.tail(4) == [0, 0, 1, 0xB9] { finding.wholeness = .whole }
        return finding
    }
}

extension [UInt8] {
    /// Whether these bytes stand anywhere.
    func containsBytes(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains {
            self[$0] == first && self[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
