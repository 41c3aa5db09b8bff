import FoundationEssentials
import Glibc
import SystemPackage

/// Standard output and standard error, written through at once also where they are pipes.
enum Output {
    /// Writes whole lines to standard output.
    static func lines(_ lines: [String]) {
        // A reader that has gone away needs nothing more.
        _ = try? FileDescriptor.standardOutput.writeAll((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Writes text to standard error.
    static func errors(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }

    /// One line of JSON for a program.
    static func json(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }

    /// Whether a person is reading standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}
