internal import Artefacts
internal import InspectionWire

/// When an office document in a ZIP says it was made.
///
/// Source: ECMA-376 part 2, section 11 (dcterms:created, UTC); OpenDocument 1.3 part 3, 4.3.2 (meta:creation-date, local).
enum OfficeDates {
    private static let terms = "http://purl.org/dc/terms/"
    private static let meta = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"

    private static let maximumPart = 1 << 20

    static func dates(of members: ZipMembers, _ type: MediaType) -> [DateEvidence] {
        if type.subtype.contains("opendocument") { return openDocument(members) }
        let core = members.zip.members.first { $0.name == "docProps/core.xml" || $0.name.hasSuffix(".psmdcp") }
        guard let core else { return [] }
        let values = XMLValues(members.bytes(core, limit: maximumPart))
        return [
            values[terms, "created"].flatMap { DateText.evidence($0, .documentCreation) },
            values[terms, "modified"].flatMap { DateText.evidence($0, .documentModification, .modified) },
        ].compactMap(\.self)
    }

    private static func openDocument(_ members: ZipMembers) -> [DateEvidence] {
        let values = XMLValues(members.bytes("meta.xml", limit: maximumPart))
        // With a template, the date of the template can come along as that of the document.
        let template = values[meta, "date"]
        let isTemplates = template != nil && template == values[meta, "creation-date"]
        return [
            values[meta, "creation-date"].flatMap {
                DateText.evidence($0, isTemplates ? .documentModification : .documentCreation)
            },
            values["http://purl.org/dc/elements/1.1/", "date"].flatMap {
                DateText.evidence($0, .documentModification, .modified)
            },
        ].compactMap(\.self)
    }
}
