internal import Artefacts
internal import FoundationEssentials

/// A child, as it is written beside the blobs.
struct ChildRecord: Codable {
    let id: ChildID
    let preferredName: String
    let externalIds: [ExternalID]
    let dateOfBirth: String?
    let pronouns: String?
    let accessLevel: AccessLevel
    let createdAt: Date

    init(_ child: Child) {
        id = child.id
        preferredName = child.preferredName
        externalIds = child.externalIDs
        dateOfBirth = child.dateOfBirth?.description
        pronouns = child.pronouns
        accessLevel = child.accessLevel
        createdAt = child.createdAt
    }

    var child: Child {
        Child(
            id: id, preferredName: preferredName, externalIDs: externalIds,
            dateOfBirth: dateOfBirth.flatMap { CalendarDay(parsing: $0) }, pronouns: pronouns,
            accessLevel: accessLevel, createdAt: createdAt)
    }
}
