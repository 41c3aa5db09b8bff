internal import Artefacts
internal import FoundationEssentials
internal import GRDB

/// A value in the database that is none of the values it can have.
struct RowError: Error, CustomStringConvertible {
    let column: String

    var description: String { "the column “\(column)” holds what it cannot hold" }
}

/// Statements that are asked for again and again are compiled once for each
/// connection: compiling costs SQLite more than answering.
extension Database {
    func row(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    func run(sql: String, arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }
}

extension Row {
    /// A written form, read back.
    func parsed<Value>(_ column: String, _ parse: (String) -> Value?) throws -> Value {
        guard let text: String = self[column], let value = parse(text) else { throw RowError(column: column) }
        return value
    }

    /// A written form that may be missing.
    func parsedIfPresent<Value>(_ column: String, _ parse: (String) -> Value?) throws -> Value? {
        guard let text: String = self[column] else { return nil }
        guard let value = parse(text) else { throw RowError(column: column) }
        return value
    }

    func date(_ column: String) -> Date { Date(milliseconds: self[column]) }

    func json<Value: Decodable>(_ column: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data((self[column] as String).utf8))
    }

    /// A list, which mostly is empty.
    func list<Element: Decodable>(_ column: String) throws -> [Element] {
        (self[column] as String) == "[]" ? [] : try json(column)
    }

    func captureDate(_ prefix: String) throws -> CaptureDate {
        CaptureDate(
            at: date(prefix + "At"),
            precision: try parsed(prefix + "Precision", CaptureDate.Precision.init),
            source: try parsed(prefix + "Source", CaptureDate.Source.init),
            confidence: try parsed(prefix + "Confidence", CaptureDate.Confidence.init),
            offset: self[prefix + "Offset"])
    }

    func artefact(with derivatives: Derivatives) throws -> Artefact {
        Artefact(
            id: try parsed("artefactId", ArtefactID.init), digest: try parsed("digest", Digest.init(written:)),
            size: self["size"], fileName: FileName(declared: self["fileName"]),
            declaredMimeType: try parsedIfPresent("declaredMimeType") { MediaType(parsing: $0) },
            receivedAt: date("receivedAt"),
            declaredTimes: DeclaredTimes(
                lastModified: (self["declaredModifiedAt"] as Int64?).map { Date(milliseconds: $0) },
                timeZone: self["declaredTimeZone"]),
            finding: Finding(
                state: try parsed("state", ArtefactState.init), reasons: try list("reasons"),
                mimeType: try parsed("mimeType") { MediaType(parsing: $0) },
                kind: try parsed("kind", ArtefactKind.init), media: try json("media"),
                captured: try captureDate("captured"), puid: try parsedIfPresent("puid") { PUID(parsing: $0) },
                report: self["report"], presentation: try parsed("presentation", Presentation.init)),
            isDamaged: (self["damage"] as String?) != nil, derivatives: derivatives)
    }

    func entry() throws -> Entry {
        let stated: Int64? = self["statedAt"]
        return Entry(
            id: try parsed("entryId", EntryID.init), child: try parsed("child", ChildID.init),
            artefact: try parsed("artefact", ArtefactID.init), happened: try captureDate("happened"),
            words: EntryWords(
                caption: self["caption"], transcript: self["transcript"], altText: self["altText"],
                language: try parsedIfPresent("language") { LanguageTag(parsing: $0) },
                happenedAt: stated.map { Date(milliseconds: $0) },
                voice: try parsedIfPresent("voice", Voice.init), lenses: try list("lenses"),
                contributor: self["contributor"], visit: self["visit"],
                visibility: try parsed("visibility", Visibility.init)),
            createdAt: date("createdAt"), addedAs: try parsedIfPresent("addedAs", Principal.Role.Name.init))
    }

    func writing() throws -> Writing {
        Writing(
            try parsed("field", Writing.Field.init(rawValue:)), self["text"], who: self["who"], at: date("at"))
    }

    func credential() throws -> Credential {
        let child = try parsedIfPresent("child", ChildID.init)
        let role = try parsed("role") { Principal.Role(name: $0, child: child) }
        return Credential(
            secret: try parsed("secret", Digest.init(written:)), use: try parsed("use", Credential.Use.init),
            principal: Principal(name: self["name"], role: role), createdAt: date("createdAt"),
            expiresAt: date("expiresAt"))
    }

    func journalRecord() throws -> JournalRecord {
        JournalRecord(
            sequence: self["sequence"],
            event: JournalEvent(
                at: date("at"), actor: self["actor"], act: try parsed("act", JournalEvent.Act.init),
                subject: self["subject"], child: try parsedIfPresent("child", ChildID.init)),
            previous: try parsed("previous", Digest.init(written:)),
            digest: try parsed("digest", Digest.init(written:)))
    }

    func refusal() throws -> Refusal {
        Refusal(
            upload: try parsed("upload") { UploadID(parsing: $0) }, child: try parsed("child", ChildID.init),
            digest: try parsed("digest", Digest.init(written:)), size: self["size"],
            fileName: FileName(declared: self["fileName"]), reason: self["reason"], at: date("at"))
    }
}

extension Digest {
    fileprivate init?(written text: String) {
        guard let digest = try? Digest(parsing: text) else { return nil }
        self = digest
    }
}

extension Identifier {
    fileprivate init?(_ text: String) { self.init(parsing: text) }
}

/// JSON text for a column with a list, which mostly is empty.
func jsonText<Element: Encodable>(ofList list: [Element]) throws -> String {
    list.isEmpty ? "[]" : try jsonText(list)
}

/// JSON text for a column.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
