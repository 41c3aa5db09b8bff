import Artefacts
import Foundation

/// A small real file.
struct Sample: Sendable {
    /// Its path in the folder of samples.
    let path: String
    let bytes: [UInt8]

    var name: FileName { FileName(declared: path) }

    /// Where the project has them.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Samples").path

    /// All files of a folder, always in the same order.
    static func all(in folder: String) throws -> [Sample] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { !$0.contains("__pycache__") }.sorted()
            .compactMap { path in
                let file = URL(filePath: folder).appending(path: path)
                guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
                return Sample(path: path, bytes: Array(try Data(contentsOf: file)))
            }
    }
}
