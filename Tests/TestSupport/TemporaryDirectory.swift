internal import Foundation
package import SystemPackage

/// A folder of one test, which goes with it.
package final class TemporaryDirectory: Sendable {
    package let path: FilePath

    package init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("keepsake-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Puts a file into the folder, and answers where it is.
    package func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> FilePath {
        let path = path.appending(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        return path
    }
}
