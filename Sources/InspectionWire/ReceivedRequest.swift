internal import CLinux
internal import Glibc
package import Sealing

/// A request as it was received, with the key in one place of memory that is wiped.
///
/// Closes its descriptors, and wipes the key, when it goes out of scope.
package struct ReceivedRequest: ~Copyable {
    /// The sealed file.
    package let file: Int32
    /// Where the answer goes, as one message.
    package let answer: Int32
    private let key: UnsafeMutableRawBufferPointer

    /// Waits for a request; `nil` where none will come: the daemon has ended,
    /// or whoever sends is not the daemon.
    package init?(from socket: Int32) {
        let key = UnsafeMutableRawBufferPointer.allocate(byteCount: SecretKey.size, alignment: 16)
        var (file, answer): (Int32, Int32) = (-1, -1)
        let received = ks_receive_files(socket, &file, &answer, key.baseAddress, key.count)
        guard received == key.count, file >= 0, answer >= 0 else {
            ks_wipe(key.baseAddress, key.count)
            key.deallocate()
            for descriptor in [file, answer] where descriptor >= 0 { close(descriptor) }
            return nil
        }
        self.file = file
        self.answer = answer
        self.key = key
    }

    deinit {
        ks_wipe(key.baseAddress, key.count)
        key.deallocate()
        close(file)
        close(answer)
    }

    /// A copy of the key, for the process that reads the file.
    package var dataKey: SecretKey? { SecretKey(bytes: key) }
}
