internal import CHashing
internal import Crypto
internal import FoundationEssentials

/// What a client says that the bytes of one request, or of a whole upload, hash to.
package struct Checksum: Hashable, Sendable {
    /// How clients may hash what they send. Evidence of whole transfers, not of who sent them.
    package enum Algorithm: String, CaseIterable, Sendable {
        case sha1, sha256, sha512, md5, crc32
    }

    package let algorithm: Algorithm
    /// As the algorithm writes them; a CRC as four bytes, the highest first.
    package let bytes: [UInt8]

    package init(_ algorithm: Algorithm, _ bytes: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = bytes
    }
}

/// Computes a ``Checksum`` while the bytes go by.
struct Checksummer: Sendable {
    private enum Function: Sendable {
        case sha1(Insecure.SHA1)
        case sha256(SHA256)
        case sha512(SHA512)
        case md5(Insecure.MD5)
        case crc32(UInt)
    }

    private let algorithm: Checksum.Algorithm
    private var function: Function

    init(_ algorithm: Checksum.Algorithm) {
        self.algorithm = algorithm
        function =
            switch algorithm {
            case .sha1: .sha1(Insecure.SHA1())
            case .sha256: .sha256(SHA256())
            case .sha512: .sha512(SHA512())
            case .md5: .md5(Insecure.MD5())
            case .crc32: .crc32(0)
            }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch function {
        case .sha1(let state): function = .sha1(state.updated(bytes))
        case .sha256(let state): function = .sha256(state.updated(bytes))
        case .sha512(let state): function = .sha512(state.updated(bytes))
        case .md5(let state): function = .md5(state.updated(bytes))
        case .crc32(let state):
            // Source: zlib.h, crc32_z: takes any size, where crc32 takes 32 bits of it.
            let next = crc32_z(state, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
            function = .crc32(bytes.isEmpty ? state : next)
        }
    }

    /// Of everything taken so far.
    var checksum: Checksum {
        let bytes: [UInt8] =
            switch function {
            case .sha1(let state): Array(state.finalize())
            case .sha256(let state): Array(state.finalize())
            case .sha512(let state): Array(state.finalize())
            case .md5(let state): Array(state.finalize())
            case .crc32(let state): withUnsafeBytes(of: UInt32(truncatingIfNeeded: state).bigEndian) { Array($0) }
            }
        return Checksum(algorithm, bytes)
    }
}

extension HashFunction {
    fileprivate func updated(_ bytes: UnsafeRawBufferPointer) -> Self {
        var next = self
        next.update(bufferPointer: bytes)
        return next
    }
}
