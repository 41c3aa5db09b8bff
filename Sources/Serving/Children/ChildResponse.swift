internal import Artefacts
internal import FoundationEssentials

/// A child as the API shows it.
struct ChildResponse: Encodable {
    let id: ChildID
    let preferredName: String
    let externalIds: [ExternalID]
    let dateOfBirth: String?
    let pronouns: String?
    let accessLevel: AccessLevel
    let createdAt: Date
    let href: String

    init(_ child: Child) {
        id = child.id
        preferredName = child.preferredName
        externalIds = child.externalIDs
        dateOfBirth = child.dateOfBirth?.description
        pronouns = child.pronouns
        accessLevel = child.accessLevel
        createdAt = child.createdAt
        href = "/v1/children/\(child.id)"
    }
}
