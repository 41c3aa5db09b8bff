/// Something that somebody wants to do.
package enum Action: Hashable, Sendable {
    case addChild
    case listChildren
    case seeChild(ChildID)
    case seeTimeline(of: ChildID)
    case addArtefact(to: ChildID)
    /// To see an artefact with its entries, or its bytes, as linked to `child`.
    case seeEntry(of: ChildID, Visibility)
    /// To write the words of an entry anew that came as `addedAs`, and to see what they were before.
    case correctEntry(of: ChildID, Visibility, addedAs: Principal.Role.Name?)
    /// To get the bytes of an original, of an entry that one may see: they may
    /// tell where it was made.
    case readOriginal(mayTellPlace: Bool)
    /// To learn where something was made, of an entry that one may see.
    case seeLocation
    /// To let a file be seen that was held, or to hold it again.
    case decideHeld(of: ChildID)
    /// To follow, continue or cancel an upload that `owner` began.
    case continueUpload(of: Principal, to: ChildID?)
    /// To see how the store is: numbers, and nothing of any child.
    case seeMetrics
}

/// What the policy answers.
package enum AccessDecision: Hashable, Sendable {
    case allowed
    /// The caller may know that the thing exists, but lacks `permission`.
    case forbidden(permission: String)
    /// The caller must not learn whether the thing exists.
    case hidden
}

/// Who may do what. The only place that decides it.
///
/// Deny by default: every rule below allows one thing.
package enum AccessPolicy {
    /// Decides about one action; pure.
    package static func decide(_ principal: Principal, _ action: Action) -> AccessDecision {
        switch action {
        case .addChild:
            principal.role.child == nil ? .allowed : .forbidden(permission: "children:add")
        case .listChildren:
            principal.role.child == nil ? .allowed : .forbidden(permission: "children:list")
        case .seeMetrics:
            principal.role == .system ? .allowed : .forbidden(permission: "metrics:see")
        case .seeChild(let child), .seeTimeline(of: let child), .addArtefact(to: let child):
            reaches(principal, child) ? .allowed : .hidden
        case .seeEntry(let child, let visibility):
            sees(principal, child, visibility) ? .allowed : .hidden
        case .correctEntry(let child, let visibility, let addedAs):
            if !sees(principal, child, visibility) {
                .hidden
            } else if principal.role == .worker || principal.role.child != nil && addedAs == .child {
                // A child’s own words are what came with the child’s credential.
                .allowed
            } else {
                .forbidden(permission: "entries:correct")
            }
        case .readOriginal(let mayTellPlace):
            mayTellPlace ? decide(principal, .seeLocation) : .allowed
        case .seeLocation:
            // A photo must not tell a birth family where a foster home is; a
            // child's credential may be in anybody's hands.
            principal.role.child == nil ? .allowed : .forbidden(permission: "locations:see")
        case .decideHeld(let child):
            if !reaches(principal, child) {
                .hidden
            } else if principal.role == .worker {
                .allowed
            } else {
                .forbidden(permission: "artefacts:decide")
            }
        case .continueUpload(let owner, let child):
            // The same credential to the end: an upload's URL alone is not enough.
            owner == principal && (child.map { reaches(principal, $0) } ?? true) ? .allowed : .hidden
        }
    }

    /// The entries that a role sees of a story that it may see.
    package static func visibilities(for role: Principal.Role) -> [Visibility] {
        switch role {
        case .worker: [.everyone, .child, .workers]
        case .child: [.everyone, .child]
        case .system: [.everyone, .workers]
        }
    }

    private static func sees(_ principal: Principal, _ child: ChildID, _ visibility: Visibility) -> Bool {
        reaches(principal, child) && visibilities(for: principal.role).contains(visibility)
    }

    private static func reaches(_ principal: Principal, _ child: ChildID) -> Bool {
        switch principal.role {
        case .worker, .system: true
        case .child(let own): own == child
        }
    }
}
