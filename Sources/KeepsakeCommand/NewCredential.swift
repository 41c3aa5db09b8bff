import Artefacts
import FoundationEssentials
import Linking

/// A credential that is about to be made.
struct NewCredential {
    let use: Credential.Use
    let role: Principal.Role
    /// As the journal will have it.
    let name: String
    let lifetime: Duration

    /// Keeps the credential; answers its secret, which is not kept and cannot be had again.
    func keep(in catalogue: any Catalogue, now: Date = Date()) async throws -> String {
        let secret = Secret.random(bytes: 32)
        let credential = Credential(
            secret: Digester.digest(of: secret.utf8), use: use, principal: Principal(name: name, role: role),
            createdAt: now, expiresAt: now.addingTimeInterval(TimeInterval(lifetime.components.seconds)))
        try await catalogue.add(
            credential,
            journalling: JournalEvent(
                at: now, actor: JournalEvent.daemon, act: .tokenCreated, subject: name, child: role.child))
        return secret
    }
}
