import Artefacts
import DurableFiles
import FoundationEssentials
import SystemPackage

/// Remembers which upload a file belongs to, so that a put that was killed goes on where it stood.
///
/// One small file for each upload under `$XDG_STATE_HOME/keepsake/uploads`. It
/// holds the upload's URL, which is worth nothing without the token.
struct UploadMemory {
    private let path: FilePath

    /// The memory of one file as it is now, on its way to one child.
    init(file: String, size: Int64, modified: Date, child: String, server: String) throws {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"] ?? (environment["HOME"] ?? "/tmp") + "/.local/state"
        let folder = FilePath(state).appending("keepsake").appending("uploads")
        try Directory.create(folder)
        let whole = FilePath(file).isAbsolute ? file : FileManager.default.currentDirectoryPath + "/" + file
        let key = "\(server)\n\(child)\n\(whole)\n\(size)\n\(modified.timeIntervalSince1970)"
        path = folder.appending(Digester.digest(of: key.utf8).hex)
    }

    /// The URL of the upload, if one has begun.
    func recall() throws -> String? {
        try DurableFile.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    func remember(_ url: String) throws { try DurableFile.write(Array(url.utf8), to: path) }

    func forget() throws { try DurableFile.remove(path) }
}
