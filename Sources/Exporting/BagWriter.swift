internal import Artefacts
internal import DurableFiles
internal import FoundationEssentials
internal import NIOCore
internal import SystemPackage

/// A bag in the making: a folder beside the output, which takes the output's
/// name once everything in it is on stable storage.
///
/// Source: RFC 8493, section 2.
struct BagWriter {
    private let output: FilePath
    private let folder: FilePath
    private var payload = Manifest()
    private var payloadSize: Int64 = 0

    private static let folders = ["data", "data/originals", "data/metadata"]

    /// Makes the folder, mode 0700; the folders above it too where they are missing.
    init(output: FilePath) async throws {
        self.output = output
        // Each run has a name of its own, so that what a killed one left is in nobody's way.
        folder = FilePath("\(output).partial-\(Secret.random(bytes: 4))")
        let (output, folder) = (output, folder)
        try await blocking { () throws in
            guard !DurableFile.exists(output) else { throw ExportError.outputExists(output) }
            for name in Self.folders { try Directory.create(folder.appending(name)) }
        }
    }

    /// Adds a small file of the payload; `path` is below `data/`.
    mutating func add(_ bytes: [UInt8], at path: String) async throws(FileError) {
        var file = try await begin(path)
        try await file.append(ByteBuffer(bytes: bytes))
        try await keep(file)
    }

    /// Begins a file of the payload; `path` is below `data/`. Nothing of it is
    /// in the manifest until it is kept.
    func begin(_ path: String) async throws(FileError) -> BagFile {
        try await BagFile("data/" + path, in: folder)
    }

    /// Makes a file that was begun part of the payload.
    mutating func keep(_ file: BagFile) async throws(FileError) {
        try await file.synchronise()
        payload.add(file.path, file.digest)
        payloadSize += file.size
    }

    /// Takes a file away that was begun and is not wanted.
    func abandon(_ file: BagFile) async throws(FileError) {
        let path = folder.appending(file.path)
        try await blocking { () throws(FileError) in try DurableFile.remove(path) }
    }

    /// Writes the tag files, and gives the bag its name. Durable on return.
    func publish(as label: BagLabel) async throws {
        var tags = Manifest()
        for (name, text) in [
            ("bagit.txt", BagLabel.declaration),
            ("bag-info.txt", label.text(size: payloadSize, files: payload.count)),
            ("manifest-sha256.txt", payload.text),
        ] { try await tag(name, text, in: &tags) }
        var last = Manifest()
        try await tag("tagmanifest-sha256.txt", tags.text, in: &last)
        let (output, folder) = (output, folder)
        try await blocking { () throws in
            for name in Self.folders { try Directory.sync(folder.appending(name)) }
            try Directory.sync(folder)
            guard !DurableFile.exists(output) else { throw ExportError.outputExists(output) }
            try DurableFile.publish(folder, as: output)
        }
    }

    /// Takes away everything that was written, as far as that is possible.
    func discard() async {
        let folder = folder
        await blocking {
            // The error that led here is the one to be told.
            try? FileManager.default.removeItem(atPath: folder.string)
        }
    }

    private func tag(_ name: String, _ text: String, in tags: inout Manifest) async throws(FileError) {
        var file = try await BagFile(name, in: folder)
        try await file.append(ByteBuffer(string: text))
        try await file.synchronise()
        tags.add(name, file.digest)
    }
}
