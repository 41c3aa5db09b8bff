internal import Artefacts
internal import FoundationEssentials

/// The child whose story it is, in the API's names.
struct ChildMetadata: Encodable {
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
}
