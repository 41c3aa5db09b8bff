import Artefacts
import Testing

/// The whole table: every role and every action.
@Suite struct AccessPolicyTests {
    private static let amira = ChildID()
    private static let ben = ChildID()
    private static let worker = Principal(name: "w", role: .worker)
    private static let system = Principal(name: "s", role: .system)
    private static let child = Principal(name: "c", role: .child(amira))

    struct Row: Sendable, CustomTestStringConvertible {
        let principal: Principal
        let action: Action
        let decision: AccessDecision
        var testDescription: String { "\(principal.role.name): \(action)" }
    }

    static let table: [Row] = [
        Row(principal: worker, action: .addChild, decision: .allowed),
        Row(principal: system, action: .addChild, decision: .allowed),
        Row(principal: child, action: .addChild, decision: .forbidden(permission: "children:add")),
        Row(principal: worker, action: .listChildren, decision: .allowed),
        Row(principal: system, action: .listChildren, decision: .allowed),
        Row(principal: child, action: .listChildren, decision: .forbidden(permission: "children:list")),
        Row(principal: worker, action: .seeChild(ben), decision: .allowed),
        Row(principal: child, action: .seeChild(amira), decision: .allowed),
        Row(principal: child, action: .seeChild(ben), decision: .hidden),
        Row(principal: worker, action: .seeTimeline(of: ben), decision: .allowed),
        Row(principal: child, action: .seeTimeline(of: amira), decision: .allowed),
        Row(principal: child, action: .seeTimeline(of: ben), decision: .hidden),
        Row(principal: worker, action: .addArtefact(to: ben), decision: .allowed),
        Row(principal: child, action: .addArtefact(to: amira), decision: .allowed),
        Row(principal: child, action: .addArtefact(to: ben), decision: .hidden),
        Row(principal: worker, action: .seeEntry(of: ben, .workers), decision: .allowed),
        Row(principal: worker, action: .seeEntry(of: ben, .child), decision: .allowed),
        Row(principal: system, action: .seeEntry(of: ben, .workers), decision: .allowed),
        Row(principal: system, action: .seeEntry(of: ben, .child), decision: .hidden),
        Row(principal: child, action: .seeEntry(of: amira, .everyone), decision: .allowed),
        Row(principal: child, action: .seeEntry(of: amira, .child), decision: .allowed),
        Row(principal: child, action: .seeEntry(of: amira, .workers), decision: .hidden),
        Row(principal: child, action: .seeEntry(of: ben, .everyone), decision: .hidden),
        Row(principal: worker, action: .correctEntry(of: ben, .workers, addedAs: nil), decision: .allowed),
        Row(principal: worker, action: .correctEntry(of: ben, .child, addedAs: .child), decision: .allowed),
        Row(principal: child, action: .correctEntry(of: amira, .child, addedAs: .child), decision: .allowed),
        Row(principal: child, action: .correctEntry(of: amira, .workers, addedAs: .child), decision: .hidden),
        Row(principal: child, action: .correctEntry(of: ben, .everyone, addedAs: .child), decision: .hidden),
        Row(principal: system, action: .correctEntry(of: ben, .child, addedAs: .system), decision: .hidden),
        Row(
            principal: child, action: .correctEntry(of: amira, .everyone, addedAs: .worker),
            decision: .forbidden(permission: "entries:correct")),
        Row(
            principal: child, action: .correctEntry(of: amira, .everyone, addedAs: nil),
            decision: .forbidden(permission: "entries:correct")),
        Row(
            principal: system, action: .correctEntry(of: ben, .everyone, addedAs: .system),
            decision: .forbidden(permission: "entries:correct")),
        Row(principal: worker, action: .readOriginal(mayTellPlace: true), decision: .allowed),
        Row(principal: system, action: .readOriginal(mayTellPlace: true), decision: .allowed),
        Row(principal: child, action: .readOriginal(mayTellPlace: false), decision: .allowed),
        Row(principal: worker, action: .seeLocation, decision: .allowed),
        Row(principal: system, action: .seeLocation, decision: .allowed),
        Row(principal: child, action: .seeLocation, decision: .forbidden(permission: "locations:see")),
        Row(principal: worker, action: .decideHeld(of: amira), decision: .allowed),
        Row(principal: system, action: .decideHeld(of: amira), decision: .forbidden(permission: "artefacts:decide")),
        Row(principal: child, action: .decideHeld(of: amira), decision: .forbidden(permission: "artefacts:decide")),
        Row(principal: child, action: .decideHeld(of: ben), decision: .hidden),
        Row(
            principal: child, action: .readOriginal(mayTellPlace: true),
            decision: .forbidden(permission: "locations:see")),
        Row(principal: worker, action: .continueUpload(of: worker, to: ben), decision: .allowed),
        Row(principal: worker, action: .continueUpload(of: system, to: ben), decision: .hidden),
        Row(principal: child, action: .continueUpload(of: child, to: amira), decision: .allowed),
        Row(principal: child, action: .continueUpload(of: child, to: ben), decision: .hidden),
    ]

    @Test(arguments: table)
    func decides(_ row: Row) {
        #expect(AccessPolicy.decide(row.principal, row.action) == row.decision)
    }
}
