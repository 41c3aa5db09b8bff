import CLinux
import Foundation
import Sealing
import SystemPackage

/// A sealed file as it would lie in a store, but in memory alone; it goes with its last reference.
final class SealedFile: Sendable {
    private let file: SystemPackage.FileDescriptor

    /// - Throws: `Errno`.
    init(_ bytes: [UInt8], with keyring: Keyring) throws {
        let number = ks_memory_file("sealed")
        guard number >= 0 else { throw Errno.noMemory }
        file = FileDescriptor(rawValue: number)
        try file.writeAll(SegmentSealer.file(bytes, with: keyring.current))
    }

    deinit { try? file.close() }

    /// A path of the file while this lives.
    var path: FilePath { FilePath("/proc/self/fd/\(file.rawValue)") }
}
