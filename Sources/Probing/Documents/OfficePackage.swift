internal import Artefacts
internal import InspectionWire
internal import Reading

/// Word, Excel and PowerPoint since 2007.
///
/// The content type of the main part says which, and whether macros are meant;
/// a document that has macros has them whatever it says.
///
/// Source: ECMA-376, part 2, section 7.2; MS-OFFMACRO2.
enum OfficePackage {
    private struct Kind {
        let type: MediaType
        let puid: PUID?
        var macros: MediaType?
    }

    private static let maximumPart = 1 << 20
    private static let maximumRelationships = 200

    static func finding(_ members: ZipMembers) -> FormatFinding? {
        guard members.member("[Content_Types].xml") != nil else { return nil }
        let types = members.bytes("[Content_Types].xml", limit: maximumPart)
        let names = members.zip.names.map(\.self)
        guard var kind = kind(types, names) else { return nil }
        let lower = names.map { $0.lowercased() }
        let hasMacros =
            lower.contains { $0.hasSuffix("vbaproject.bin") || $0.hasPrefix("xl/macrosheets/") }
            || types.containsAny(ofCaseless: ["vnd.ms-office.vbaproject", "ms-excel.macrosheet"])
        if hasMacros, let macros = kind.macros, let other = kinds.first(where: { $0.kind.type == macros }) {
            kind = other.kind
        }
        var finding = FormatFinding(kind.type, puid: isStrict(members) ? strict[kind.type] ?? kind.puid : kind.puid)
        if hasMacros || kind.type.subtype.contains("macroenabled") { finding.features.insert(.macros) }
        if lower.contains(where: { $0.contains("/activex/") || ($0.contains("/embeddings/") && $0.hasSuffix(".bin")) })
        {
            finding.features.insert(.embeddedObjects)
        }
        if lower.contains(where: { $0.contains("/embeddings/") }) { finding.features.insert(.embeddedFiles) }
        if lower.contains(where: ProgramNames.isProgram) { finding.features.insert(.embeddedProgram) }
        if hasExternalContent(members) { finding.features.insert(.externalContent) }
        finding.pages = pages(members, names)
        return finding
    }

    private static func kind(_ types: [UInt8], _ names: [String]) -> Kind? {
        let lower = String(decoding: types, as: UTF8.self).lowercased()
        if let known = kinds.first(where: { lower.contains("\"application/\($0.mark).main+xml\"") }) {
            return known.kind
        }
        if lower.contains("sheet.binary.macroenabled.main\"") {
            return kinds.first { $0.mark.contains("binary") }?.kind
        }
        // A document that was cut has lost its content types, and what is hidden has odd ones.
        let folders = [
            ("word/", "wordprocessingml.document"), ("xl/", "spreadsheetml.sheet"),
            ("ppt/", "presentationml.presentation"),
        ]
        for (folder, mark) in folders where names.contains(where: { $0.hasPrefix(folder) }) {
            return kinds.first { $0.mark.hasSuffix(mark) }?.kind
        }
        return names.contains("FixedDocumentSequence.fdseq")
            ? Kind(type: "application/vnd.ms-xpsdocument", puid: "fmt/657") : nil
    }

    /// Source of the PUIDs: DROID V122.
    private static let kinds: [(mark: String, kind: Kind)] = [
        (
            "vnd.openxmlformats-officedocument.wordprocessingml.document",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", puid: "fmt/412",
                macros: "application/vnd.ms-word.document.macroenabled.12")
        ),
        (
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", puid: "fmt/214",
                macros: "application/vnd.ms-excel.sheet.macroenabled.12")
        ),
        (
            "vnd.openxmlformats-officedocument.presentationml.presentation",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.presentationml.presentation", puid: "fmt/215",
                macros: "application/vnd.ms-powerpoint.presentation.macroenabled.12")
        ),
        (
            "vnd.openxmlformats-officedocument.wordprocessingml.template",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.wordprocessingml.template", puid: "fmt/597",
                macros: "application/vnd.ms-word.template.macroenabled.12")
        ),
        (
            "vnd.openxmlformats-officedocument.spreadsheetml.template",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.spreadsheetml.template", puid: "fmt/598",
                macros: "application/vnd.ms-excel.template.macroenabled.12")
        ),
        (
            "vnd.openxmlformats-officedocument.presentationml.slideshow",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.presentationml.slideshow", puid: "fmt/629",
                macros: "application/vnd.ms-powerpoint.slideshow.macroenabled.12")
        ),
        (
            "vnd.openxmlformats-officedocument.presentationml.template",
            Kind(
                type: "application/vnd.openxmlformats-officedocument.presentationml.template", puid: "fmt/631",
                macros: "application/vnd.ms-powerpoint.template.macroenabled.12")
        ),
        (
            "vnd.ms-word.document.macroenabled",
            Kind(type: "application/vnd.ms-word.document.macroenabled.12", puid: "fmt/523")
        ),
        (
            "vnd.ms-word.template.macroenabledtemplate",
            Kind(type: "application/vnd.ms-word.template.macroenabled.12", puid: "fmt/599")
        ),
        (
            "vnd.ms-excel.sheet.macroenabled",
            Kind(type: "application/vnd.ms-excel.sheet.macroenabled.12", puid: "fmt/445")
        ),
        (
            "vnd.ms-excel.template.macroenabled",
            Kind(type: "application/vnd.ms-excel.template.macroenabled.12", puid: "fmt/627")
        ),
        (
            "vnd.ms-excel.addin.macroenabled",
            Kind(type: "application/vnd.ms-excel.addin.macroenabled.12", puid: "fmt/628")
        ),
        (
            "vnd.ms-excel.sheet.binary.macroenabled",
            Kind(type: "application/vnd.ms-excel.sheet.binary.macroenabled.12", puid: "fmt/595")
        ),
        (
            "vnd.ms-powerpoint.presentation.macroenabled",
            Kind(type: "application/vnd.ms-powerpoint.presentation.macroenabled.12", puid: "fmt/487")
        ),
        (
            "vnd.ms-powerpoint.slideshow.macroenabled",
            Kind(type: "application/vnd.ms-powerpoint.slideshow.macroenabled.12", puid: "fmt/630")
        ),
        (
            "vnd.ms-powerpoint.template.macroenabled",
            Kind(type: "application/vnd.ms-powerpoint.template.macroenabled.12", puid: "fmt/632")
        ),
        (
            "vnd.ms-powerpoint.addin.macroenabled",
            Kind(type: "application/vnd.ms-powerpoint.addin.macroenabled.12", puid: "fmt/633")
        ),
    ]

    private static let strict: [MediaType: PUID] = [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "fmt/1827",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "fmt/1828",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "fmt/1829",
    ]

    private static func isStrict(_ members: ZipMembers) -> Bool {
        members.bytes("_rels/.rels", limit: 64 << 10).contains(text: "purl.oclc.org/ooxml/officeDocument")
    }

    /// Whatever is fetched from outside when the document is opened; links that somebody must click are not.
    private static func hasExternalContent(_ members: ZipMembers) -> Bool {
        members.zip.members.lazy.filter { $0.name.hasSuffix(".rels") }.prefix(maximumRelationships).contains { member in
            let text = String(decoding: members.bytes(member, limit: maximumPart), as: UTF8.self)
            return text.split(separator: "<").contains {
                $0.contains("TargetMode=\"External\"") && !$0.contains("/hyperlink\"")
            }
        }
    }

    private static func pages(_ members: ZipMembers, _ names: [String]) -> Int? {
        func count(_ folder: String) -> Int {
            names.count { $0.hasPrefix(folder) && $0.hasSuffix(".xml") && !$0.contains("_rels") }
        }
        let parts = count("ppt/slides/slide") + count("xl/worksheets/sheet")
        return parts > 0
            ? parts : OpenDocument.number(members.bytes("docProps/app.xml", limit: 64 << 10), behind: "<Pages>")
    }
}
