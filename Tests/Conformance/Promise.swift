internal import Testing

/// One sentence that every implementation of a seam keeps.
package struct Promise<Subject>: Sendable, CustomTestStringConvertible {
    private let sentence: String
    /// Checks the promise with a fresh implementation.
    package let check: @Sendable (Subject) async throws -> Void

    init(_ sentence: String, _ check: @escaping @Sendable (Subject) async throws -> Void) {
        self.sentence = sentence
        self.check = check
    }

    package var testDescription: String { sentence }
}
