import Artefacts
import Testing

@Suite struct DigesterTests {
    /// Source: NIST, "Examples with Intermediate Values", SHA-256.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ])
    func `the digest is that of the standard`(_ text: String, _ hex: String) {
        #expect(Digester.digest(of: text.utf8).hex == hex)
    }

    @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 100_000, 1_048_576])
    func `a digester goes on from its midstate as if it had never stopped`(_ count: Int) throws {
        let bytes = (0..<count + 1000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
        var digester = Digester()
        bytes[..<count].withUnsafeBytes { digester.update($0) }

        let midstate = digester.midstate
        let kept = try #require(Midstate(position: midstate.position, bytes: midstate.bytes))
        var resumed = Digester(resuming: kept)
        bytes[Int(kept.position)...].withUnsafeBytes { resumed.update($0) }

        #expect(kept.position == Int64(count - count % 64))
        #expect(resumed.digest == Digester.digest(of: bytes))
    }

    @Test func `a position beyond four gibibytes is kept`() throws {
        let midstate = try #require(Midstate(position: 10 << 30, bytes: (0..<32).map { UInt8($0) }))

        #expect(Digester(resuming: midstate).midstate == midstate)
        #expect(Midstate(position: 1, bytes: midstate.bytes) == nil)
        #expect(Midstate(position: 64, bytes: []) == nil)
    }
}
