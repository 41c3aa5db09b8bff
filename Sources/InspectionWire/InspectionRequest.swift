internal import CLinux
package import Sealing

/// What the daemon asks of the inspector, or of the renderer: to look at one sealed file.
///
/// Sent as one message over a Unix socket, the 32 bytes of the file's data key
/// and then those of an order, if there is one, with two open descriptors
/// along: the file, and the end of a socket for the answer. So whoever looks
/// can read this file and no other, and the key is in no argument, environment
/// or file.
package struct InspectionRequest: Sendable {
    /// Most bytes in an order.
    package static let maximumOrderSize = 4096

    /// The key of the file alone.
    package let dataKey: SecretKey
    /// What is to be done with the file, where that is not always the same.
    package let order: [UInt8]

    package init(dataKey: SecretKey, order: [UInt8] = []) {
        self.dataKey = dataKey
        self.order = order
    }

    /// Sends the request without waiting; no descriptor is closed.
    ///
    /// - Throws: ``InspectionWireError/tooLong(size:)`` for the order;
    ///   ``InspectionWireError/incomplete`` where nobody receives, or so much
    ///   lies unreceived that there is no more room.
    package func send(file: Int32, answer: Int32, over socket: Int32) throws(InspectionWireError) {
        guard order.count <= Self.maximumOrderSize else { throw .tooLong(size: order.count) }
        let bytes = dataKey.bytes + order
        let sent = bytes.withUnsafeBytes { ks_send_files(socket, file, answer, $0.baseAddress, $0.count) }
        guard sent == bytes.count else { throw .incomplete }
    }
}
