internal import FoundationEssentials
internal import Synchronization
package import SystemPackage

/// The policy that is in force, which may change while the daemon runs.
package final class CurrentPolicy: Sendable {
    private struct State {
        var policy: FormatPolicy
        /// What the file had in it when it was last read, good or not; `nil`: there was none.
        var content: Data?
    }

    private let file: FilePath?
    private let state: Mutex<State>

    /// Most bytes in a file that is read.
    private static let maximumSize = 1 << 20

    /// The policy that is built in, for ever.
    package init() {
        file = nil
        state = Mutex(State(policy: .builtIn))
    }

    /// Reads a policy from a file.
    ///
    /// - Throws: ``PolicyFileError``, also where there is no file.
    package init(file: FilePath) throws(PolicyFileError) {
        guard let content = Self.content(of: file) else { throw Self.missing(file) }
        self.file = file
        state = Mutex(State(policy: try Self.policy(content, file), content: content))
    }

    /// The policy for the next file.
    package var policy: FormatPolicy { state.withLock(\.policy) }

    /// Takes over what the file has in it now; answers whether that is new.
    ///
    /// A file that was read before is not read again, so that a mistake is said once.
    ///
    /// - Throws: ``PolicyFileError``; the policy stays the one it was.
    package func reload() throws(PolicyFileError) -> Bool {
        guard let file else { return false }
        let content = Self.content(of: file)
        return try state.withLock { state throws(PolicyFileError) in
            guard content != state.content else { return false }
            state.content = content
            guard let content else { throw Self.missing(file) }
            state.policy = try Self.policy(content, file)
            return true
        }
    }

    private static func content(of file: FilePath) -> Data? { FileManager.default.contents(atPath: file.string) }

    private static func policy(_ content: Data, _ file: FilePath) throws(PolicyFileError) -> FormatPolicy {
        guard content.count <= maximumSize, let text = String(bytes: content, encoding: .utf8) else {
            throw PolicyFileError(path: file.string, reason: "It must be a text of at most a mebibyte, in UTF-8.")
        }
        do {
            return try FormatPolicy(parsing: text)
        } catch {
            throw PolicyFileError(path: file.string, reason: error.description)
        }
    }

    private static func missing(_ file: FilePath) -> PolicyFileError {
        PolicyFileError(path: file.string, reason: "There is no such file, or it cannot be read.")
    }
}
