import NIOCore
import Receiving
import Testing

@Suite struct ChecksumTests {
    /// Source: the digests of `123456789`, as `sha1sum`, `sha256sum`,
    /// `sha512sum` and `md5sum` print them; CRC-32/ISO-HDLC's check value.
    private static let checks: [(Checksum.Algorithm, String)] = [
        (.sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
        (.sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        (
            .sha512,
            "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85"
        ),
        (.md5, "25f9e794323b453885f5181f1b624d0b"),
        (.crc32, "cbf43926"),
    ]

    @Test(arguments: checks)
    func `bytes are compared with what was promised`(_ algorithm: Checksum.Algorithm, _ hex: String) async throws {
        let bytes = stride(from: 0, to: hex.count, by: 2).map { index in
            UInt8(hex.dropFirst(index).prefix(2), radix: 16) ?? 0
        }
        var right = ChecksumCheck([Checksum(algorithm, bytes)])
        var wrong = ChecksumCheck([Checksum(algorithm, bytes)])
        for text in ["1234", "", "56789"] { right.take(ByteBuffer(string: text)) }
        wrong.take(ByteBuffer(string: "123456780"))

        let other = wrong
        try await right.end()
        await #expect(throws: UploadRefusal.checksumMismatch) { try await other.end() }
    }

    @Test func `a checksum behind the bytes is compared too, and must come`() async throws {
        let empty = Checksum(.crc32, [0, 0, 0, 0])
        let right = ChecksumCheck(trailing: [.crc32]) { [empty] }
        let wrong = ChecksumCheck([empty], trailing: [.crc32]) { [Checksum(.crc32, [0, 0, 0, 1])] }
        let missing = ChecksumCheck(trailing: [.crc32]) { [] }

        try await right.end()
        await #expect(throws: UploadRefusal.checksumMismatch) { try await wrong.end() }
        await #expect(throws: UploadRefusal.checksumMissing) { try await missing.end() }
    }

    @Test func `nothing promised is nothing checked`() async throws {
        var check = ChecksumCheck()
        check.take(ByteBuffer(string: "anything"))

        try await check.end()
    }
}
