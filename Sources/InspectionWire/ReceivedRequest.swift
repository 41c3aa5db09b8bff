internal import CLinux
internal import Glibc
package import Sealing

/// A request as it was received, with the key in one place of memory that is wiped.
///
/// Closes its descriptors, and wipes the key, when it goes out of scope.
package struct ReceivedRequest: ~Copyable {
    /// The sealed file.
    package let file: Int32
    /// Where the answer goes.
    package let answer: Int32
    /// What is to be done with the file, as it was sent.
    package let order: [UInt8]
    private let key: UnsafeMutableRawBufferPointer

    /// Waits for a request; `nil` where none will come: the daemon has ended,
    /// or whoever sends is not the daemon.
    package init?(from socket: Int32) {
        // One byte more than a request has, which tells whether it was cut.
        let size = SecretKey.size + InspectionRequest.maximumOrderSize + 1
        let message = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        var (file, answer): (Int32, Int32) = (-1, -1)
        let received = ks_receive_files(socket, &file, &answer, message.baseAddress, message.count)
        guard received >= SecretKey.size, received < size, file >= 0, answer >= 0 else {
            ks_wipe(message.baseAddress, message.count)
            message.deallocate()
            for descriptor in [file, answer] where descriptor >= 0 { close(descriptor) }
            return nil
        }
        self.file = file
        self.answer = answer
        order = Array(message[SecretKey.size..<received])
        key = message
    }

    deinit {
        ks_wipe(key.baseAddress, key.count)
        key.deallocate()
        close(file)
        close(answer)
    }

    /// A copy of the key, for the process that reads the file.
    package var dataKey: SecretKey? { SecretKey(bytes: UnsafeRawBufferPointer(rebasing: key[..<SecretKey.size])) }
}
