internal import Foundation
package import SystemPackage

/// The programs that were built with the tests.
package enum BuildProducts {
    /// Where the program lies: beside the test bundle.
    package static func path(of program: String) -> FilePath {
        var folder = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL ?? Bundle.main.bundleURL
        for _ in 0..<4 {
            let candidate = folder.appending(path: program)
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return FilePath(candidate.path) }
            folder = folder.deletingLastPathComponent()
        }
        preconditionFailure("\(program) was not built beside the tests")
    }
}

/// The small real files in Tests/Samples.
package enum Samples {
    package static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Samples")

    package static func path(_ name: String) -> FilePath { folder.appending(name) }

    package static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name).string)))
    }
}
