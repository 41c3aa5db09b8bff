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
        // Bytes of a picture may look like braces.
        if file.size <= maximumRead, !text.contains(text: "\\bin") {
            finding.wholeness = .whole(isClosed(text), or: "a brace is not closed")
        }
        return finding
    }

    /// Whether each brace has its other one.
    private static func isClosed(_ text: [UInt8]) -> Bool {
        var depth = 0
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
            }
        }
        return depth <= 0
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
