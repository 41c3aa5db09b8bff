package import DurableFiles
package import Sealing

extension SealedReader {
    /// Opens a sealed file of the store.
    ///
    /// - Throws: ``FileError`` or ``SealedFileError``.
    package init(_ file: OpenFile, keyring: Keyring) throws {
        try self.init(fileSize: try file.size(), keyring: keyring) { try file.read(at: $0, into: $1) }
    }
}
