internal import Artefacts
internal import FoundationEssentials

extension FormFields {
    /// One of the values of an enumeration, or `nil` if the field is not given.
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String) throws(Problem) -> Value? {
        guard let text = self[name] else { return nil }
        return try Self.choice(text, name)
    }

    /// An instant with its offset, or `nil` if the field is not given.
    func instant(_ name: String) throws(Problem) -> Date? {
        guard let text = self[name] else { return nil }
        guard let instant = Instant.parse(text) else {
            throw .badRequest("“\(name)” is an instant such as 2026-11-24T08:15:00Z.")
        }
        return instant
    }

    /// A text of bounded size, or `nil` if the field is not given.
    func text(_ name: String, upTo limit: Int = EntryWords.maximumTextSize) throws(Problem) -> String? {
        guard let text = self[name] else { return nil }
        guard text.utf8.count <= limit else { throw .badRequest("“\(name)” has at most \(limit) bytes.") }
        return text
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ name: String
    ) throws(Problem) -> Value {
        guard let value = Value(rawValue: text) else {
            throw .badRequest("“\(name)” is one of: \(Value.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return value
    }

    /// What the person says about an entry.
    ///
    /// `lens` may be repeated, or hold several with commas between. A
    /// `happenedAt` without an offset, as browsers' forms send it, is local
    /// time in the United Kingdom.
    func entryWords() throws(Problem) -> EntryWords {
        var lenses: [Lens] = []
        for text in all("lens").flatMap({ $0.split(separator: ",") }) {
            let lens: Lens = try Self.choice(String(text).trimmed, "lens")
            if !lenses.contains(lens) { lenses.append(lens) }
        }
        return EntryWords(
            caption: try text("caption")?.trimmed.nonEmpty,
            altText: try text("altText")?.trimmed.nonEmpty,
            language: try self["language"].map(LanguageTag.init(field:)),
            happenedAt: try happenedAt(),
            voice: try choice("voice"),
            lenses: lenses,
            contributor: try text("contributor", upTo: 200)?.trimmed.nonEmpty,
            visit: try text("visit", upTo: 200)?.trimmed.nonEmpty,
            visibility: try choice("visibility") ?? .everyone)
    }

    /// What the sender's device says of the file's time; `nil` if it says nothing.
    ///
    /// `lastModified` is an instant of RFC 3339, `timeZone` a name of the IANA
    /// time zone database.
    func declaredTimes() throws(Problem) -> DeclaredTimes? {
        let zone = try text("timeZone", upTo: 64)
        guard zone.map({ TimeZone(identifier: $0) != nil }) ?? true else {
            throw .badRequest("“timeZone” is the name of a time zone, such as Europe/London.")
        }
        return DeclaredTimes(lastModified: try instant("lastModified"), timeZone: zone)
    }

    /// The names that ``entryWords()`` and ``declaredTimes()`` read.
    static let entryNames: Set<String> = [
        "caption", "altText", "language", "happenedAt", "voice", "lens", "contributor", "visit", "visibility",
        "lastModified", "timeZone",
    ]

    /// When somebody says that it happened.
    func happenedAt() throws(Problem) -> Date? {
        guard let text = self["happenedAt"] else { return nil }
        if let local = LocalTime.parse(text) { return local }
        return try instant("happenedAt")
    }
}

extension LanguageTag {
    /// Reads a field of a request.
    ///
    /// - Throws: ``Problem`` with status 400.
    init(field text: String) throws(Problem) {
        guard let tag = LanguageTag(parsing: text.trimmed) else {
            throw .badRequest("“language” is a language tag of BCP 47, such as en-GB, cy or ur.")
        }
        self = tag
    }
}

/// Local times of the United Kingdom, as a form's `datetime-local` field sends them.
private enum LocalTime {
    static func parse(_ text: String) -> Date? {
        let withSeconds = text.utf8.count == 16 ? text + ":00" : text
        guard withSeconds.utf8.count == 19, let zone = TimeZone(identifier: "Europe/London") else { return nil }
        return try? Date(
            withSeconds,
            strategy: Date.ISO8601FormatStyle(timeZone: zone).year().month().day().time(
                includingFractionalSeconds: false))
    }
}
