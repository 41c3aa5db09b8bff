import Artefacts
import Foundation
import Sealing
import Testing

/// A sealed file in memory.
private struct SealedBytes: Sendable {
    var bytes: [UInt8]
    let keyring: Keyring

    init(_ plain: [UInt8], in keyring: Keyring) {
        bytes = Array(SegmentSealer.file(plain, with: keyring.current))
        self.keyring = keyring
    }

    func open() throws -> SealedReader {
        try SealedReader(fileSize: Int64(bytes.count), keyring: keyring) { [bytes] position, buffer in
            let rest = bytes[min(Int(position), bytes.count)...].prefix(buffer.count)
            buffer.copyBytes(from: rest)
            return rest.count
        }
    }

    func read(_ range: Range<Int64>? = nil) throws -> [UInt8] {
        let reader = try open()
        var plain: [UInt8] = []
        try reader.read(range ?? 0..<reader.size) { plain.append(contentsOf: $0) }
        return plain
    }
}

@Suite struct SealedFileTests {
    private let keyring: Keyring
    /// Two whole segments and a short one.
    private let plain = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 8) }

    init() throws {
        let root = SecretKey.random()
        keyring = try KeyringDocument(newWith: root, at: Date()).open(with: root)
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 150_000])
    func `what was sealed is opened, whatever its size`(_ size: Int) throws {
        let sealed = SealedBytes(Array(plain[..<size]), in: keyring)

        let reader = try sealed.open()

        #expect(try sealed.read() == Array(plain[..<size]))
        #expect(reader.size == Int64(size))
        #expect(reader.digest == Digester.digest(of: plain[..<size]))
        #expect(Int64(sealed.bytes.count) == SealedLayout.sealedSize(of: Int64(size)))
        try reader.verify()
    }

    @Test(arguments: [0..<1, 149_999..<150_000, 65_535..<65_537, 1..<149_999, 70_000..<70_000] as [Range<Int64>])
    func `any range is read`(_ range: Range<Int64>) throws {
        let sealed = SealedBytes(plain, in: keyring)

        #expect(try sealed.read(range) == Array(plain[Int(range.lowerBound)..<Int(range.upperBound)]))
    }

    @Test func `bytes in pieces of any size give the same file as all at once`() throws {
        var sealer = SegmentSealer(FileCipher(newFileWith: keyring.current))
        var file = sealer.cipher.header.bytes
        var (position, step) = (0, 1)
        while position < plain.count {
            let piece = Array(plain[position..<min(position + step, plain.count)])
            piece.withUnsafeBytes { bytes in
                sealer.take(bytes) { segment, place in
                    #expect(place == Int64(file.count))
                    file += segment
                }
            }
            (position, step) = (position + piece.count, step * 3 + 1)
        }
        file += sealer.end(Digester.digest(of: plain)).bytes
        var sealed = SealedBytes([], in: keyring)
        sealed.bytes = file

        #expect(try sealed.read() == plain)
    }

    @Test func `nothing of the plain bytes shows, and sealing twice gives two files`() throws {
        let text = Array("The child drew a house with a red door.".utf8)
        let (first, second) = (SealedBytes(text, in: keyring), SealedBytes(text, in: keyring))

        #expect(Data(first.bytes).range(of: Data(text[..<8])) == nil)
        #expect(first.bytes[32...] != second.bytes[32...])
    }

    /// One place of each kind of byte that a sealed file has.
    private static let places: [(String, Int)] = {
        let segment = SealedLayout.position(ofSegment: 1)
        let last = SealedLayout.position(ofSegment: 2)
        let end = SealedLayout.sealedSize(of: 150_000)
        return [
            ("magic", 0), ("version", 8), ("cipher", 9), ("segment size", 10), ("zeros", 12), ("key name", 16),
            ("nonce of the key", 32), ("wrapped key", 50), ("tag of the key", 80), ("zeros at the end", 94),
            ("nonce", Int(segment)), ("ciphertext", Int(segment) + 1000),
            ("tag", Int(SealedLayout.position(ofSegment: 2)) - 1), ("last segment", Int(last) + 50),
            ("nonce of the end", Int(end) - 68), ("size", Int(end) - 50), ("digest", Int(end) - 30),
            ("tag of the end", Int(end) - 1),
        ]
    }()

    @Test(arguments: places.indices, 0..<8)
    func `a flipped bit is found, wherever it is`(_ place: Int, _ bit: Int) throws {
        var sealed = SealedBytes(plain, in: keyring)

        sealed.bytes[Self.places[place].1] ^= 1 << UInt8(bit)

        #expect(throws: SealedFileError.self, "\(Self.places[place].0)") { try sealed.read() }
        #expect(throws: SealedFileError.self) { try sealed.open().verify() }
    }

    @Test func `what is not damaged is read, and the damaged segment is not`() throws {
        var sealed = SealedBytes(plain, in: keyring)
        sealed.bytes[Int(SealedLayout.position(ofSegment: 1)) + 70] ^= 1

        #expect(try sealed.read(0..<65_536) == Array(plain[..<65_536]))
        #expect(throws: SealedFileError.damaged(.segment(1))) { try sealed.read(65_536..<65_537) }
        #expect(try sealed.read(131_072..<150_000) == Array(plain[131_072...]))
    }

    @Test(arguments: [1, 28, 29, 68, 69, 5_000, 65_564, 96, 150_000])
    func `a file that was cut is found`(_ missing: Int) throws {
        var sealed = SealedBytes(plain, in: keyring)
        sealed.bytes.removeLast(missing)

        #expect(throws: SealedFileError.self) { try sealed.read() }
    }

    @Test(arguments: [1, 28, 68, 65_564])
    func `a file that was extended is found`(_ more: Int) throws {
        var sealed = SealedBytes(plain, in: keyring)
        sealed.bytes += [UInt8](repeating: 0, count: more)

        #expect(throws: SealedFileError.self) { try sealed.read() }
    }

    @Test func `segments that changed places, or were taken out, are found`() throws {
        let original = SealedBytes(plain, in: keyring)
        let (start, size) = (Int(SealedLayout.position(ofSegment: 0)), Int(SealedLayout.sealedSegmentSize))
        let first = original.bytes[start..<start + size]
        let second = original.bytes[start + size..<start + 2 * size]
        var swapped = original
        swapped.bytes.replaceSubrange(start..<start + 2 * size, with: second + first)
        var shortened = original
        shortened.bytes.removeSubrange(start..<start + size)

        #expect(throws: SealedFileError.damaged(.segment(0))) { try swapped.read() }
        #expect(throws: SealedFileError.self) { try shortened.read() }
    }

    @Test func `parts of another file are found, also of the same bytes`() throws {
        var one = SealedBytes(plain, in: keyring)
        let other = SealedBytes(plain, in: keyring)
        let (start, size) = (Int(SealedLayout.position(ofSegment: 0)), Int(SealedLayout.sealedSegmentSize))
        one.bytes.replaceSubrange(start..<start + size, with: other.bytes[start..<start + size])
        var withOtherHeader = other
        withOtherHeader.bytes.replaceSubrange(..<96, with: one.bytes[..<96])

        #expect(throws: SealedFileError.damaged(.segment(0))) { try one.read() }
        #expect(throws: SealedFileError.damaged(.end)) { try withOtherHeader.read() }
    }

    @Test func `the tail of an upload is opened at its own place alone`() {
        let cipher = FileCipher(newFileWith: keyring.current)
        let sealed = cipher.seal(Array("half a".utf8), .tail(offset: 65_536))

        #expect(cipher.open(sealed, .tail(offset: 65_536)) == Data("half a".utf8))
        #expect(cipher.open(sealed, .tail(offset: 65_537)) == nil)
        #expect(cipher.open(sealed, .segment(65_536)) == nil)
    }

    @Test func `a file of another store's key is not taken for a damaged one`() throws {
        let root = SecretKey.random()
        let other = try KeyringDocument(newWith: root, at: Date()).open(with: root)
        var sealed = SealedBytes(plain, in: keyring)
        sealed = SealedBytes(sealed, openedBy: other)

        #expect(throws: SealedFileError.unknownKey(keyring.current.id)) { try sealed.read() }
    }
}

extension SealedBytes {
    fileprivate init(_ other: SealedBytes, openedBy keyring: Keyring) {
        self.keyring = keyring
        bytes = other.bytes
    }
}
