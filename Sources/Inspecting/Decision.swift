/// What the policy made of a file, and why.
package struct Decision: Hashable, Sendable {
    package let outcome: Outcome
    /// The name of the rule that decided.
    package let rule: String
    /// Small things that are worth keeping with the file, and change nothing.
    package let notes: [Note]

    package enum Note: String, Hashable, Sendable, Codable {
        /// The name says another format than the content; phones do that.
        case extensionMismatch
    }
}
