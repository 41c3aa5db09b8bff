package import Artefacts

/// Where a page of children begins: after this one.
package struct ChildrenCursor: Hashable, Sendable, Codable {
    package let name: String
    package let id: ChildID

    package init(name: String, id: ChildID) {
        self.name = name
        self.id = id
    }
}

/// Which children to list.
package struct ChildrenQuery: Hashable, Sendable {
    /// Only the child with this external id.
    package var externalID: ExternalID?
    /// Only children whose preferred name contains this text, case folded.
    package var nameContains: String?
    package var after: ChildrenCursor?
    /// Most items, 1 to 200.
    package var limit: Int

    package init(
        externalID: ExternalID? = nil, nameContains: String? = nil, after: ChildrenCursor? = nil, limit: Int = 50
    ) {
        self.externalID = externalID
        self.nameContains = nameContains
        self.after = after
        self.limit = limit
    }
}
