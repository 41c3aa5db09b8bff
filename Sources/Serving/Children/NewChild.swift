internal import Artefacts
internal import FoundationEssentials

/// A child as a client announces it.
struct NewChild: StrictlyDecodable {
    static let fieldNames: Set<String> = [
        "preferredName", "externalIds", "dateOfBirth", "pronouns", "accessLevel",
    ]

    var preferredName: String
    var externalIds: [ExternalID]?
    var dateOfBirth: String?
    var pronouns: String?
    var accessLevel: String?

    /// The child, made now.
    ///
    /// - Throws: ``Problem`` with status 400 that says which field does not fit.
    func child(at now: Date) throws(Problem) -> Child {
        let name = preferredName.trimmed
        guard (1...200).contains(name.count) else {
            throw .badRequest("“preferredName” has 1 to 200 characters: the name the child likes to be called.")
        }
        var birthday: CalendarDay?
        if let text = dateOfBirth?.trimmed, !text.isEmpty {
            birthday = CalendarDay(parsing: text)
            if birthday == nil { throw .badRequest("“dateOfBirth” is a day that exists, written YYYY-MM-DD.") }
        }
        guard let level = AccessLevel(rawValue: accessLevel ?? "standard") else {
            throw .badRequest("“accessLevel” is standard or restricted.")
        }
        let external = externalIds ?? []
        guard external.count <= 20, external.allSatisfy(\.isUsable), Set(external).count == external.count else {
            throw .badRequest(
                "“externalIds” are up to 20 different pairs of system and value, of 1 to 200 characters each.")
        }
        if let pronouns, pronouns.count > 100 { throw .badRequest("“pronouns” has up to 100 characters.") }
        return Child(
            id: ChildID(at: now), preferredName: name, externalIDs: external, dateOfBirth: birthday,
            pronouns: pronouns?.trimmed.nonEmpty, accessLevel: level, createdAt: now)
    }
}

extension ExternalID {
    fileprivate var isUsable: Bool {
        // The bar separates system and value in queries.
        (1...200).contains(system.count) && (1...200).contains(value.count) && !system.contains("|")
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// `nil` instead of an empty text.
    var nonEmpty: String? { isEmpty ? nil : self }
}
