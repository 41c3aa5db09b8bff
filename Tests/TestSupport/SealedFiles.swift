internal import Foundation
package import Sealing
package import SystemPackage

extension Keyring {
    /// A keyring of a store that never was.
    package static func forTests() -> Keyring {
        let root = SecretKey.random()
        guard let keyring = try? KeyringDocument(newWith: root, at: Date()).open(with: root) else {
            preconditionFailure("the root key opens what it wrapped")
        }
        return keyring
    }
}

extension TemporaryDirectory {
    /// Puts a sealed file into the folder, and answers where it is.
    package func sealed(_ name: String, _ plain: some Sequence<UInt8>, with keyring: Keyring) throws -> FilePath {
        try file(name, SegmentSealer.file(Array(plain), with: keyring.current))
    }
}

/// The plain bytes of a sealed file, all of them authenticated.
package func opened(_ path: FilePath, with keyring: Keyring) throws -> [UInt8] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path.string)))
    let reader = try SealedReader(fileSize: Int64(bytes.count), keyring: keyring) { position, buffer in
        let rest = bytes[min(Int(position), bytes.count)...].prefix(buffer.count)
        buffer.copyBytes(from: rest)
        return rest.count
    }
    try reader.verify()
    var plain: [UInt8] = []
    try reader.read(0..<reader.size) { plain.append(contentsOf: $0) }
    return plain
}
