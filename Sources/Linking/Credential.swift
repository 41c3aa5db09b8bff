package import Artefacts
package import FoundationEssentials

/// What lets somebody in. The secret itself is never kept, only its digest.
package struct Credential: Hashable, Sendable {
    /// What a secret is good for.
    package enum Use: String, Sendable, Codable {
        /// A bearer token of the API.
        case api
        /// A link that can be opened once.
        case signIn
        /// A browser session.
        case session
    }

    package let secret: Digest
    package let use: Use
    package let principal: Principal
    package let createdAt: Date
    package let expiresAt: Date

    package init(secret: Digest, use: Use, principal: Principal, createdAt: Date, expiresAt: Date) {
        self.secret = secret
        self.use = use
        self.principal = principal
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether it lets in somebody who uses it so, and now.
    package func isGood(for use: Use, at now: Date) -> Bool { use == self.use && now < expiresAt }
}
