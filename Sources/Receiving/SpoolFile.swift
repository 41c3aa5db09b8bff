internal import DurableFiles
internal import Synchronization
internal import SystemPackage

/// The file of a spool, which is made when its first byte is written.
///
/// Most files are small and come in one request: they are then made, written
/// and synced in one go.
final class SpoolFile: Sendable {
    private let path: FilePath
    private let header: [UInt8]
    private let opened: Mutex<OpenFile?>

    /// A file that is to be made, and begins with that header.
    init(toCreate path: FilePath, header: [UInt8]) {
        self.path = path
        self.header = header
        opened = Mutex(nil)
    }

    /// A file that is there.
    init(_ file: OpenFile, at path: FilePath) {
        self.path = path
        header = []
        opened = Mutex(file)
    }

    /// The open file; may have to wait for the disk.
    var file: OpenFile {
        get throws(FileError) {
            try opened.withLock { (opened) throws(FileError) in
                if let opened { return opened }
                let file = try OpenFile(creating: path)
                try file.write(header, at: 0)
                opened = file
                return file
            }
        }
    }
}
