internal import Artefacts
internal import InspectionWire
internal import Reading

/// OpenDocument and EPUB, which say what they are in their first member.
///
/// Source: OASIS OpenDocument 1.3, part 2; EPUB 3.3, section 4.2.6.
enum OpenDocument {
    private static let maximumPart = 1 << 20

    static func finding(_ members: ZipMembers) -> FormatFinding? {
        guard let declared = members.zip.declaredType else { return nil }
        if declared == "application/epub+zip" { return FormatFinding("application/epub+zip", puid: "fmt/483") }
        guard declared.hasPrefix("application/vnd.oasis.opendocument."), let type = MediaType(parsing: declared) else {
            return nil
        }
        let manifest = members.bytes("META-INF/manifest.xml", limit: maximumPart)
        var finding = FormatFinding(type, puid: puids[type]?[version(members, manifest)])
        if manifest.contains(text: "encryption-data") { finding.features.insert(.passwordLocked) }
        let names = members.zip.names.map(\.self)
        if names.contains(where: { ($0.hasPrefix("Basic/") || $0.hasPrefix("Scripts/")) && !$0.hasSuffix("/") }) {
            finding.features.insert(.macros)
        }
        // An OpenDocument object is a folder; one of another program is a file.
        if names.contains(where: { $0.hasPrefix("Object ") && !$0.contains("/") }) {
            finding.features.insert(.embeddedObjects)
        }
        let statistics = members.bytes("meta.xml", limit: maximumPart)
        for mark in ["meta:page-count=\"", "meta:table-count=\""] where finding.pages ?? 0 == 0 {
            finding.pages = number(statistics, behind: mark)
        }
        return finding
    }

    /// The number that stands behind a mark in text.
    static func number(_ text: [UInt8], behind mark: String) -> Int? {
        guard let place = text.firstIndex(of: mark) else { return nil }
        let digits = text[(place + mark.utf8.count)...].prefix(7).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self)).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
    }

    private static func version(_ members: ZipMembers, _ manifest: [UInt8]) -> String {
        let content = members.bytes("content.xml", limit: 16 << 10)
        for (text, mark) in [(content, "office:version=\""), (manifest, "manifest:version=\"")] {
            if let place = text.firstIndex(of: mark) {
                return String(decoding: text[(place + mark.utf8.count)...].prefix(3), as: UTF8.self)
            }
        }
        return "1.0"
    }

    /// Source: DROID V122.
    private static let puids: [MediaType: [String: PUID]] = [
        "application/vnd.oasis.opendocument.text": [
            "1.0": "fmt/136", "1.1": "fmt/290", "1.2": "fmt/291", "1.3": "fmt/1756", "1.4": "fmt/2044",
        ],
        "application/vnd.oasis.opendocument.spreadsheet": [
            "1.0": "fmt/137", "1.1": "fmt/294", "1.2": "fmt/295", "1.3": "fmt/1755",
        ],
        "application/vnd.oasis.opendocument.presentation": [
            "1.0": "fmt/138", "1.1": "fmt/292", "1.2": "fmt/293", "1.3": "fmt/1754",
        ],
        "application/vnd.oasis.opendocument.graphics": [
            "1.0": "fmt/139", "1.1": "fmt/296", "1.2": "fmt/297", "1.3": "fmt/1753",
        ],
    ]
}
