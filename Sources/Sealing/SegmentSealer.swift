package import Artefacts
package import FoundationEssentials

/// Turns bytes that come in pieces of any size into the parts of a sealed file.
package struct SegmentSealer: Sendable {
    package let cipher: FileCipher
    /// Segments that are full, and have been handed out.
    package private(set) var fullSegments: Int64
    /// The beginning of the next segment.
    package private(set) var rest: [UInt8]

    /// Goes on after so many full segments and the beginning of the next.
    package init(_ cipher: FileCipher, fullSegments: Int64 = 0, rest: [UInt8] = []) {
        precondition(rest.count < SealedLayout.segmentSize, "a full segment is none that is still to be sealed")
        self.cipher = cipher
        self.fullSegments = fullSegments
        self.rest = rest
    }

    /// Plain bytes taken so far.
    package var offset: Int64 { fullSegments * SealedLayout.segmentSize + Int64(rest.count) }

    /// Takes the next bytes; hands out the segments that are full by then, one
    /// behind the other, with the place of the first in the file.
    package mutating func take<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer, _ handOut: (UnsafeRawBufferPointer, Int64) throws(Failure) -> Void
    ) throws(Failure) {
        let (size, sealedSize) = (Int(SealedLayout.segmentSize), Int(SealedLayout.sealedSegmentSize))
        let count = (rest.count + bytes.count) / size
        var left = bytes[...]
        if count > 0 {
            let sealed = UnsafeMutableRawBufferPointer.allocate(byteCount: count * sealedSize, alignment: 16)
            defer { sealed.deallocate() }
            for index in 0..<count {
                let place = UnsafeMutableRawBufferPointer(
                    rebasing: sealed[index * sealedSize..<(index + 1) * sealedSize])
                let missing = left.prefix(size - rest.count)
                left = left.dropFirst(missing.count)
                seal(missing, .segment(fullSegments + Int64(index)), into: place)
            }
            try handOut(UnsafeRawBufferPointer(sealed), SealedLayout.position(ofSegment: fullSegments))
            fullSegments += Int64(count)
        }
        rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: left))
    }

    /// Seals a segment whose last bytes these are.
    private mutating func seal(
        _ missing: Slice<UnsafeRawBufferPointer>, _ part: FileCipher.Part, into place: UnsafeMutableRawBufferPointer
    ) {
        // Straight from where they are: most bytes take this way.
        guard !rest.isEmpty else {
            return cipher.seal(UnsafeRawBufferPointer(rebasing: missing), part, into: place)
        }
        rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: missing))
        rest.withUnsafeBytes { cipher.seal($0, part, into: place) }
        // Its memory goes too: a slow sender's next bytes are few.
        rest = []
    }

    /// What belongs behind the full segments, at `position`, once all bytes are taken.
    package func end(_ digest: Digest) -> (bytes: Data, position: Int64) {
        let last = rest.isEmpty ? Data() : cipher.seal(rest, .segment(fullSegments))
        return (
            last + cipher.sealEnd(size: offset, digest: digest), SealedLayout.position(ofSegment: fullSegments)
        )
    }

    /// A whole sealed file of bytes that are all in memory.
    package static func file(_ plain: [UInt8], with storeKey: SecretKey) -> Data {
        var sealer = SegmentSealer(FileCipher(newFileWith: storeKey))
        var file = Data(sealer.cipher.header.bytes)
        plain.withUnsafeBytes { sealer.take($0) { segment, _ in file.append(contentsOf: segment) } }
        file.append(sealer.end(Digester.digest(of: plain)).bytes)
        return file
    }
}
