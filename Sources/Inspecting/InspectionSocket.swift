internal import Glibc
internal import InspectionWire
internal import Sealing
internal import SystemPackage

/// The socket over which an inspector gets its one file and the file's key.
///
/// The request lies in it before the inspector starts, so that nobody waits.
enum InspectionSocket {
    /// The inspector's end, which the caller closes.
    ///
    /// - Throws: `Errno` or ``SealedFileError`` if the file cannot be opened;
    ///   ``InspectionWireError`` if the request cannot be sent.
    static func inspectorsEnd(for path: FilePath, keyring: Keyring) throws -> FileDescriptor {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? file.close() }
        var header = [UInt8](repeating: 0, count: SealedHeader.size)
        _ = try header.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        let request = InspectionRequest(dataKey: try FileCipher(header: header, keyring: keyring).dataKey)

        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        let ours = FileDescriptor(rawValue: ends[0])
        defer { try? ours.close() }
        let inspectorsEnd = FileDescriptor(rawValue: ends[1])
        do {
            try request.send(file: file.rawValue, over: ours.rawValue)
        } catch {
            try? inspectorsEnd.close()
            throw error
        }
        return inspectorsEnd
    }
}
