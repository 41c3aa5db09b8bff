/// Who is asking: the holder of a token or of a browser session.
package struct Principal: Hashable, Sendable, Codable {
    /// What a holder is to the children whose stories are kept.
    package enum Role: Hashable, Sendable {
        case worker
        /// One child, and that child's story only.
        case child(ChildID)
        /// A case system or another agency's tool.
        case system
    }

    /// The stable name of the credential, as the journal has it; never a secret.
    package let name: String
    package let role: Role

    package init(name: String, role: Role) {
        self.name = name
        self.role = role
    }
}

extension Principal.Role: Codable {
    private enum CodingKeys: String, CodingKey { case role, child }

    /// A role without the child that it may be of.
    package enum Name: String, Sendable, Codable { case worker, child, system }

    package var kind: Name {
        switch self {
        case .worker: .worker
        case .child: .child
        case .system: .system
        }
    }

    /// The written name of the role: `worker`, `child` or `system`.
    package var name: String { kind.rawValue }

    /// The one child of a child's credential.
    package var child: ChildID? {
        if case .child(let id) = self { id } else { nil }
    }

    /// Puts together what ``name`` and ``child`` took apart; `nil` where they do not fit.
    package init?(name: String, child: ChildID?) {
        switch (name, child) {
        case ("worker", nil): self = .worker
        case ("system", nil): self = .system
        case ("child", let id?): self = .child(id)
        default: return nil
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .role)
        let child = try container.decodeIfPresent(ChildID.self, forKey: .child)
        guard let role = Self(name: name, child: child) else {
            throw DecodingError.dataCorruptedError(
                forKey: .role, in: container, debugDescription: "no such role: \(name)")
        }
        self = role
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .role)
        try container.encodeIfPresent(child, forKey: .child)
    }
}
