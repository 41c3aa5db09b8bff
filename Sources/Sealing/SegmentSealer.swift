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

    /// Takes the next bytes; hands out each segment that is full, with its place in the file.
    package mutating func take<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer, _ handOut: (Data, Int64) throws(Failure) -> Void
    ) throws(Failure) {
        let size = Int(SealedLayout.segmentSize)
        var left = bytes
        while rest.count + left.count >= size {
            let sealed: Data
            if rest.isEmpty {
                // Straight from where they are: most bytes take this way.
                sealed = cipher.seal(UnsafeRawBufferPointer(rebasing: left[..<size]), .segment(fullSegments))
                left = UnsafeRawBufferPointer(rebasing: left[size...])
            } else {
                let missing = size - rest.count
                rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: left[..<missing]))
                left = UnsafeRawBufferPointer(rebasing: left[missing...])
                sealed = cipher.seal(rest, .segment(fullSegments))
                // Its memory goes too: a slow sender's next bytes are few.
                rest = []
            }
            try handOut(sealed, SealedLayout.position(ofSegment: fullSegments))
            fullSegments += 1
        }
        rest.append(contentsOf: left)
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
        plain.withUnsafeBytes { sealer.take($0) { segment, _ in file.append(segment) } }
        file.append(sealer.end(Digester.digest(of: plain)).bytes)
        return file
    }
}
