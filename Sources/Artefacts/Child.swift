package import FoundationEssentials

/// A child whose story is kept.
package struct Child: Hashable, Sendable {
    package let id: ChildID
    /// The name the child likes to be called.
    package let preferredName: String
    package let externalIDs: [ExternalID]
    /// `YYYY-MM-DD`, for retention and for dates that cannot be.
    package let dateOfBirth: CalendarDay?
    package let pronouns: String?
    package let accessLevel: AccessLevel
    package let createdAt: Date

    package init(
        id: ChildID, preferredName: String, externalIDs: [ExternalID], dateOfBirth: CalendarDay?,
        pronouns: String?, accessLevel: AccessLevel, createdAt: Date
    ) {
        self.id = id
        self.preferredName = preferredName
        self.externalIDs = externalIDs
        self.dateOfBirth = dateOfBirth
        self.pronouns = pronouns
        self.accessLevel = accessLevel
        self.createdAt = createdAt
    }
}

/// How another system names a child: its own id, an NHS number, a UPN.
package struct ExternalID: Hashable, Sendable, Codable {
    package let system: String
    package let value: String

    package init(system: String, value: String) {
        self.system = system
        self.value = value
    }
}

/// Who may come near a child's story.
package enum AccessLevel: String, Sendable, Codable, CaseIterable {
    case standard, restricted
}

/// A day in the Gregorian calendar, without a time or a zone.
///
/// Source: the written form `YYYY-MM-DD` is RFC 3339 `full-date`.
package struct CalendarDay: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Reads `YYYY-MM-DD`, or `nil` where no such day exists.
    package init?(parsing text: String) {
        guard text.utf8.count == 10,
            let day = try? Date(text, strategy: .iso8601.year().month().day()),
            day.formatted(.iso8601.year().month().day()) == text
        else { return nil }
        description = text
    }
}
