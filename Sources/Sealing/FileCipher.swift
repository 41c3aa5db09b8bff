package import Artefacts
package import FoundationEssentials

/// Seals and opens the parts of one file.
///
/// Every part is authenticated together with the header, its kind and its
/// place: no part can stand for another, in this file or in any other.
package struct FileCipher: Sendable {
    /// A part of a sealed file.
    package enum Part: Hashable, Sendable {
        /// The segment of that index, from 0 on.
        case segment(Int64)
        /// Bytes of an unfinished upload that begin at this offset and fill no
        /// segment yet. They are kept in the upload's log, not in the file.
        case tail(offset: Int64)
        /// The mark behind the last of so many segments.
        case end(segments: Int64)
        /// How far the digest of an unfinished upload was computed; in its log too.
        case midstate(position: Int64)
    }

    package let header: SealedHeader
    /// The key of this file alone.
    package let dataKey: SecretKey

    /// A cipher for a new file.
    package init(newFileWith storeKey: SecretKey) {
        dataKey = SecretKey.random()
        header = SealedHeader(wrapping: dataKey, with: storeKey)
    }

    /// The cipher of a file that begins with these 96 bytes.
    ///
    /// - Throws: `.damaged(.header)` or `.unknownKey`.
    package init(header bytes: [UInt8], keyring: Keyring) throws(SealedFileError) {
        guard let header = SealedHeader(bytes) else { throw .damaged(.header) }
        guard let storeKey = keyring.key(header.storeKeyID) else { throw .unknownKey(header.storeKeyID) }
        guard let dataKey = header.dataKey(unwrappedWith: storeKey) else { throw .damaged(.header) }
        self.init(header: header, dataKey: dataKey)
    }

    /// The cipher of a file whose data key is known.
    package init(header: SealedHeader, dataKey: SecretKey) {
        self.header = header
        self.dataKey = dataKey
    }

    /// Seals a part.
    package func seal(_ plain: some DataProtocol, _ part: Part) -> Data {
        AuthenticatedCipher.seal(plain, with: dataKey, authenticating: context(part))
    }

    /// Seals a part into memory that is there, 28 bytes more than the plain ones.
    func seal(_ plain: UnsafeRawBufferPointer, _ part: Part, into sealed: UnsafeMutableRawBufferPointer) {
        AuthenticatedCipher.seal(plain, into: sealed, with: dataKey, authenticating: context(part))
    }

    /// Opens a part; `nil` if it is not exactly what was sealed as that part of this file.
    package func open(_ sealed: Data, _ part: Part) -> Data? {
        AuthenticatedCipher.open(sealed, with: dataKey, authenticating: context(part))
    }

    /// The end mark of a file: how many plain bytes it has, and their digest.
    package func sealEnd(size: Int64, digest: Digest) -> Data {
        let plain = withUnsafeBytes(of: size.bigEndian) { Array($0) } + digest.bytes
        return seal(plain, .end(segments: SealedLayout.segments(for: size)))
    }

    /// The digest in the end mark of a file of `size` plain bytes; `nil` if it is not that file's mark.
    func openEnd(_ sealed: Data, size: Int64) -> Digest? {
        guard let plain = open(sealed, .end(segments: SealedLayout.segments(for: size))).map(Array.init),
            plain.starts(with: withUnsafeBytes(of: size.bigEndian) { Array($0) })
        else { return nil }
        return try? Digest(bytes: Array(plain.dropFirst(8)))
    }

    private func context(_ part: Part) -> [UInt8] {
        let (kind, place): (UInt8, Int64) =
            switch part {
            case .segment(let index): (0, index)
            case .tail(let offset): (1, offset)
            case .end(let segments): (2, segments)
            case .midstate(let position): (3, position)
            }
        return header.bytes + [kind] + withUnsafeBytes(of: place.bigEndian) { Array($0) }
    }
}
