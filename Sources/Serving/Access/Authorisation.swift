internal import Artefacts
internal import FoundationEssentials
internal import Linking

extension SignedInScope {
    /// Asks the policy; every route does, before it does anything else.
    ///
    /// - Throws: ``Problem`` with status 403, or 404 where the caller may not
    ///   learn that the thing exists.
    func require(_ action: Action) throws(Problem) {
        switch AccessPolicy.decide(principal, action) {
        case .allowed: return
        case .forbidden(let permission): throw .forbidden(permission: permission)
        case .hidden: throw .notFound
        }
    }

    /// Whether the policy allows it.
    func allows(_ action: Action) -> Bool { AccessPolicy.decide(principal, action) == .allowed }

    /// An event of the journal, done by the sender now.
    func event(_ act: JournalEvent.Act, _ subject: some CustomStringConvertible, child: ChildID? = nil) -> JournalEvent
    {
        JournalEvent(at: Date(), actor: principal.name, act: act, subject: subject.description, child: child)
    }

    /// The child in the path, if the policy allows `action` with it and it is there.
    func child(
        _ action: (ChildID) -> Action, in catalogue: any Catalogue
    ) async throws -> Child {
        guard let id = identifier("child", of: Child.self) else { throw Problem.notFound }
        try require(action(id))
        guard let child = try await catalogue.child(id) else { throw Problem.notFound }
        return child
    }
}
