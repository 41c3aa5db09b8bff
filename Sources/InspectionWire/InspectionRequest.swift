internal import CLinux
package import Sealing

/// What the daemon asks of the inspector: to look at one sealed file.
///
/// Sent as one message over a Unix socket, the 32 bytes of the file's data key
/// with two open descriptors along: the file, and the end of a socket for the
/// answer. So whoever looks can read this file and no other, and the key is in
/// no argument, environment or file.
package struct InspectionRequest: Sendable {
    /// The key of the file alone.
    package let dataKey: SecretKey

    package init(dataKey: SecretKey) { self.dataKey = dataKey }

    /// Sends the request without waiting; no descriptor is closed.
    ///
    /// - Throws: ``InspectionWireError/incomplete`` where nobody receives, or
    ///   so much lies unreceived that there is no more room.
    package func send(file: Int32, answer: Int32, over socket: Int32) throws(InspectionWireError) {
        let bytes = dataKey.bytes
        let sent = bytes.withUnsafeBytes { ks_send_files(socket, file, answer, $0.baseAddress, $0.count) }
        guard sent == bytes.count else { throw .incomplete }
    }
}
