internal import Artefacts
internal import DurableFiles
internal import NIOCore
internal import SystemPackage

/// One file of a bag while it is written; its digest is taken as the bytes go by.
struct BagFile {
    /// Within the bag, such as `data/story.html`.
    let path: String
    /// Bytes so far.
    private(set) var size: Int64 = 0
    private let file: OpenFile
    private var digester = Digester()

    /// Makes the file, which must not be there, readable by the owner alone.
    init(_ path: String, in folder: FilePath) async throws(FileError) {
        self.path = path
        let place = folder.appending(path)
        file = try await blocking { () throws(FileError) in try OpenFile(creating: place) }
    }

    /// Of the bytes so far.
    var digest: Digest { digester.digest }

    /// Takes the next bytes. Not durable.
    mutating func append(_ bytes: ByteBuffer) async throws(FileError) {
        bytes.withUnsafeReadableBytes { digester.update($0) }
        let (file, offset) = (file, size)
        try await blocking { () throws(FileError) in try file.write(Array(bytes.readableBytesView), at: offset) }
        size += Int64(bytes.readableBytes)
    }

    /// Brings the file to stable storage.
    func synchronise() async throws(FileError) {
        let file = file
        try await blocking { () throws(FileError) in try file.synchronise() }
    }
}
