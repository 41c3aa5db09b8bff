internal import CLinux
internal import Glibc
package import Sealing

/// What the daemon asks of an inspector: to look at one sealed file.
///
/// Sent as one message over a Unix socket, the 32 bytes of the file's data key
/// with the open file along. So the inspector can read this file and no other,
/// and the key is in no argument, environment or file.
package struct InspectionRequest: Sendable {
    /// The key of the file alone.
    package let dataKey: SecretKey

    package init(dataKey: SecretKey) { self.dataKey = dataKey }

    /// Sends the request and the open file; neither descriptor is closed.
    package func send(file: Int32, over socket: Int32) throws(InspectionWireError) {
        let bytes = dataKey.bytes
        let sent = bytes.withUnsafeBytes { ks_send_file(socket, file, $0.baseAddress, $0.count) }
        guard sent == bytes.count else { throw .incomplete }
    }

    /// Receives a request; the caller owns the file's descriptor.
    package static func receive(
        from socket: Int32
    ) throws(InspectionWireError) -> (request: InspectionRequest, file: Int32) {
        var bytes = [UInt8](repeating: 0, count: SecretKey.size)
        var file: Int32 = -1
        let received = bytes.withUnsafeMutableBytes { ks_receive_file(socket, &file, $0.baseAddress, $0.count) }
        guard received == bytes.count, file >= 0, let dataKey = SecretKey(bytes: bytes) else {
            if file >= 0 { close(file) }
            throw .incomplete
        }
        return (InspectionRequest(dataKey: dataKey), file)
    }
}
