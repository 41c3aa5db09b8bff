internal import Artefacts
internal import Reading

/// Documents of Apple's Pages, Numbers and Keynote.
///
/// The new ones do not say by name whether they are pages or a table: only
/// slides show, and what a table alone has.
enum IWorkPackage {
    static func finding(_ members: ZipMembers) -> FormatFinding? {
        let names = Set(members.zip.names)
        if names.contains("index.apxl") || names.contains("index.apxl.gz") {
            return FormatFinding("application/vnd.apple.keynote", puid: "fmt/646")
        }
        if names.contains("index.xml") {
            let text = members.bytes("index.xml", limit: 4096)
            if text.contains(text: "<sl:document") {
                return FormatFinding("application/vnd.apple.pages", puid: "fmt/1439")
            }
            if text.contains(text: "<ls:document") {
                return FormatFinding("application/vnd.apple.numbers", puid: "fmt/1440")
            }
        }
        guard names.contains("Index/Document.iwa") || names.contains("Index.zip") else { return nil }
        let parts = names.filter { $0.hasPrefix("Index/") }
        if parts.contains(where: { $0.hasPrefix("Index/Slide") || $0.hasPrefix("Index/MasterSlide") }) {
            return FormatFinding("application/vnd.apple.keynote", puid: "fmt/1441")
        }
        let isTable = parts.contains { $0.hasPrefix("Index/Tables/") } && !parts.contains { $0.contains("Section") }
        return FormatFinding(
            isTable ? "application/vnd.apple.numbers" : "application/vnd.apple.pages", puid: "fmt/1441")
    }
}
