internal import Artefacts
internal import InspectionWire
internal import Reading

/// A document in RTF.
///
/// Source: Microsoft, Rich Text Format Specification 1.9.1; DROID V122.
enum RichText {
    private static let maximumRead = 16 << 20

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("{\\rt") else { return nil }
        let text = file.read(at: 0, count: maximumRead)
        var finding = FormatFinding("text/rtf", puid: puid(text))
        if text.contains(text: "\\objdata") || text.contains(text: "\\objemb") || text.contains(text: "\\objocx") {
            finding.features.insert(.embeddedObjects)
        }
        if text.contains(text: "\\objautlink") || text.contains(text: "\\objlink") {
            finding.features.insert(.externalContent)
        }
        let end = file.tail(4096).lastIndex { $0 > 0x20 }
        finding.wholeness = .whole(
            end.map { file.tail(4096)[$0] == UInt8(ascii: "}") } ?? false, or: "no closing brace")
        return finding
    }

    private static func puid(_ text: [UInt8]) -> PUID {
        let head = Array(text.prefix(64))
        guard head.contains(text: "\\ansicpg") else { return head.has("{\\rtf0") ? "fmt/969" : "fmt/45" }
        guard text.contains(text: "\\stshfdbch") else { return "fmt/50" }
        let marks = ["\\*\\colorschememapping", "\\afelev", "\\*\\datastore", "\\*\\defchp"]
        if marks.contains(where: { text.contains(text: $0) }) { return "fmt/355" }
        return text.contains(text: "\\lsdstimax") ? "fmt/53" : "fmt/52"
    }
}
