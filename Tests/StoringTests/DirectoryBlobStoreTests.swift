import Artefacts
import Conformance
import Foundation
import Sealing
import Storing
import SystemPackage
import TestSupport
import Testing

@Suite struct DirectoryBlobStoreTests {
    /// Whether blobs are put into their places at once, or gathered first.
    enum Manner: CaseIterable {
        case atOnce, gathered
    }

    @Test(arguments: BlobStoreConformance.promises, Manner.allCases)
    func keeps(_ promise: Promise<BlobStoreConformance.Subject>, _ manner: Manner) async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let store = try DirectoryBlobStore(
            root: folder.path.appending("blobs"), keyring: keyring, gathers: { manner == .gathered })

        try await promise.check(BlobStoreConformance.Subject(store: store, folder: folder, keyring: keyring))
    }

    @Test func `a blob lies under its digest, and nobody may write to it`() async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let store = try DirectoryBlobStore(root: folder.path, keyring: keyring)
        let staged = try folder.sealed("staged", "test".utf8, with: keyring)

        try await store.adopt(staged, as: Digester.digest(of: "test".utf8), size: 4)

        let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        let path = folder.path.appending("sha256").appending("9f").appending("86").appending(hex)
        let mode = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
        #expect(mode == 0o400)
    }

    @Test func `gathered blobs are listed among the others, and placed`() async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let placing = try DirectoryBlobStore(root: folder.path, keyring: keyring)
        let gathering = try DirectoryBlobStore(root: folder.path, keyring: keyring, gathers: { true })
        let texts = (0..<40).map { "letter \($0)" }
        let digests = texts.map { Digester.digest(of: $0.utf8) }
        for (index, (text, digest)) in zip(texts, digests).enumerated() {
            let staged = try folder.sealed("staged", text.utf8, with: keyring)
            let store = index.isMultiple(of: 4) ? placing : gathering
            try await store.adopt(staged, as: digest, size: Int64(text.utf8.count))
        }
        let gathered = folder.path.appending("new").string
        let waiting = try FileManager.default.contentsOfDirectory(atPath: gathered).count

        let listed = try await placing.allDigests(limit: 7)
        let first = try await placing.placeGathered(limit: 20)
        let listedBetween = try await placing.allDigests(limit: 7)
        let (second, third) = (try await placing.placeGathered(limit: 20), try await placing.placeGathered(limit: 20))
        let listedAtLast = try await placing.allDigests(limit: 7)

        #expect(waiting == 30)
        #expect([first, second, third] == [20, 10, 0] as [Int])
        #expect(try FileManager.default.contentsOfDirectory(atPath: gathered).isEmpty)
        let sorted = digests.sorted { $0.hex < $1.hex }
        #expect(listed == sorted)
        #expect(listedBetween == sorted)
        #expect(listedAtLast == sorted)
        for digest in digests {
            let blob = try #require(try await gathering.open(digest))
            let read = try await blob.update(Digester(), with: 0..<blob.size).digest
            #expect(read == digest)
        }
    }

    @Test func `a gathered blob goes before the one in its place, and then takes it`() async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let placing = try DirectoryBlobStore(root: folder.path, keyring: keyring)
        let gathering = try DirectoryBlobStore(root: folder.path, keyring: keyring, gathers: { true })
        let digest = Digester.digest(of: "test".utf8)
        try await placing.adopt(try folder.sealed("staged", "test".utf8, with: keyring), as: digest, size: 4)
        let place = try #require(try await placing.localFile(of: digest))
        try FileManager.default.removeItem(atPath: place.string)
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: place.string))

        try await gathering.adopt(try folder.sealed("staged", "test".utf8, with: keyring), as: digest, size: 4)
        let whileGathered = try await placing.open(digest)?.size
        _ = try await placing.placeGathered(limit: 1)
        let whenPlaced = try await placing.open(digest)?.size
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path.appending("new").string)

        #expect(whileGathered == 4)
        #expect(whenPlaced == 4)
        #expect(left.isEmpty)
    }

    @Test func `a blob that a crash left with both names is one blob, and is placed again`() async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let store = try DirectoryBlobStore(root: folder.path, keyring: keyring, gathers: { true })
        let digest = Digester.digest(of: "test".utf8)
        try await store.adopt(try folder.sealed("staged", "test".utf8, with: keyring), as: digest, size: 4)
        // Gives it the second name, and leaves the first.
        let place = try #require(try await store.localFile(of: digest))
        let gathered = folder.path.appending("new").appending(digest.hex).string
        let hadBoth = FileManager.default.fileExists(atPath: gathered)

        let listed = try await store.allDigests(limit: 7)
        let placed = try await store.placeGathered(limit: 7)

        #expect(hadBoth)
        #expect(listed == [digest])
        #expect(placed == 1)
        #expect(!FileManager.default.fileExists(atPath: gathered))
        #expect(FileManager.default.fileExists(atPath: place.string))
    }

    @Test(arguments: ["written to", "moved", "linked", "left alone"])
    func `an open blob knows what was done to its file`(_ deed: String) async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let store = try DirectoryBlobStore(root: folder.path.appending("blobs"), keyring: keyring)
        let digest = Digester.digest(of: "test".utf8)
        try await store.adopt(try folder.sealed("staged", "test".utf8, with: keyring), as: digest, size: 4)
        let blob = try #require(try await store.open(digest))
        let path = try #require(try await store.localFile(of: digest))
        let elsewhere = folder.path.appending("elsewhere").string

        switch deed {
        case "written to":
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path.string)
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path.string))
            try file.write(contentsOf: [0])
            try file.close()
        case "moved": try FileManager.default.moveItem(atPath: path.string, toPath: elsewhere)
        case "linked": try FileManager.default.linkItem(atPath: path.string, toPath: elsewhere)
        default: break
        }

        #expect(blob.isCurrent == (deed == "left alone"))
    }

    /// What can happen to a file of three segments.
    enum Damage: String, CaseIterable {
        case header, wrappedKey, nonce, ciphertext, tag, lastSegment, endMark, cut, extended, emptied
        case segmentsSwapped, blobsSwapped

        /// Before the first segment is opened.
        var showsOnOpening: Bool {
            switch self {
            case .header, .wrappedKey, .endMark, .cut, .extended, .emptied, .blobsSwapped: true
            case .nonce, .ciphertext, .tag, .lastSegment, .segmentsSwapped: false
            }
        }

        func happen(to bytes: inout [UInt8], beside other: inout [UInt8]) {
            let segment = Int(SealedLayout.position(ofSegment: 1))
            let size = Int(SealedLayout.sealedSegmentSize)
            switch self {
            case .header: bytes[3] ^= 4
            case .wrappedKey: bytes[60] ^= 4
            case .nonce: bytes[segment + 5] ^= 4
            case .ciphertext: bytes[segment + 5000] ^= 4
            case .tag: bytes[segment + size - 1] ^= 4
            case .lastSegment: bytes[segment + size + 20] ^= 4
            case .endMark: bytes[bytes.count - 30] ^= 4
            case .cut: bytes.removeLast(100)
            case .extended: bytes += [0]
            case .emptied: bytes = []
            case .segmentsSwapped:
                let first = Array(bytes[segment - size..<segment])
                bytes.replaceSubrange(segment - size..<segment, with: bytes[segment..<segment + size])
                bytes.replaceSubrange(segment..<segment + size, with: first)
            case .blobsSwapped: swap(&bytes, &other)
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func `a damaged blob is never read as if it were whole`(_ damage: Damage) async throws {
        let folder = try TemporaryDirectory()
        let keyring = Keyring.forTests()
        let store = try DirectoryBlobStore(root: folder.path, keyring: keyring)
        let plain = [1, 2].map { seed in (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) } }
        let digests = plain.map { Digester.digest(of: $0) }
        for (bytes, digest) in zip(plain, digests) {
            try await store.adopt(try folder.sealed("staged", bytes, with: keyring), as: digest, size: 150_000)
        }
        var paths: [FilePath] = []
        for digest in digests { paths.append(try #require(try await store.localFile(of: digest))) }
        var files = try paths.map { Array(try Data(contentsOf: URL(fileURLWithPath: $0.string))) }
        var other = files[1]
        damage.happen(to: &files[0], beside: &other)
        for (path, bytes) in zip(paths, [files[0], other]) {
            try FileManager.default.removeItem(atPath: path.string)
            try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        }

        let error = await #expect(throws: BlobStoreError.self) {
            let blob = try #require(try await store.open(digests[0]))
            #expect(!damage.showsOnOpening)
            _ = try await blob.read(0..<150_000)
        }

        guard case .damaged(digests[0], _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

extension DirectoryBlobStore {
    fileprivate func allDigests(limit: Int) async throws -> [Digest] {
        var digests: [Digest] = []
        while true {
            let page = try await list(after: digests.last, limit: limit)
            if page.isEmpty { return digests }
            digests += page.map(\.digest)
        }
    }
}
