internal import Artefacts
internal import Foundation
internal import NIOCore
package import Sealing
package import Storing
internal import SystemPackage
package import TestSupport
internal import Testing

/// What every blob store promises.
package enum BlobStoreConformance {
    /// A store, and a folder of the same file system for staged files.
    package struct Subject {
        let store: any BlobStore
        let folder: TemporaryDirectory
        let keyring: Keyring

        package init(store: any BlobStore, folder: TemporaryDirectory, keyring: Keyring) {
            self.store = store
            self.folder = folder
            self.keyring = keyring
        }

        /// A sealed file as an upload leaves it.
        func staged(_ name: String, _ bytes: some Sequence<UInt8>) throws -> FilePath {
            try folder.sealed(name, bytes, with: keyring)
        }
    }

    package static let promises: [Promise<Subject>] = [
        Promise("what was adopted is read back, byte for byte") { subject in
            let (bytes, digest) = (Array("a drawing".utf8), Digester.digest(of: "a drawing".utf8))
            let staged = try subject.staged("staged", bytes)

            try await subject.store.adopt(staged, as: digest, size: 9)
            let blob = try #require(try await subject.store.open(digest))
            let read = try await blob.read(0..<9)

            #expect(blob.size == 9)
            #expect(Array(read.readableBytesView) == bytes)
        },
        Promise("any range inside a blob is read") { subject in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let digest = Digester.digest(of: bytes)
            try await subject.store.adopt(try subject.staged("staged", bytes), as: digest, size: 200_000)
            let blob = try #require(try await subject.store.open(digest))

            for range: Range<Int64> in [0..<1, 199_999..<200_000, 65_535..<65_537, 0..<200_000, 5..<5] {
                let read = try await blob.read(range)
                let (begun, other) = (blob.begin(range), blob.begin(0..<1))
                // By then the first has mostly come to its end.
                _ = try await other.bytes()
                let later = try await begun.bytes()
                #expect(Array(read.readableBytesView) == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
                #expect(later == read)
            }
        },
        Promise("an open blob knows that it was replaced, and that it was removed") { subject in
            let digest = Digester.digest(of: "a letter".utf8)
            let letter = { try subject.staged($0, Array("a letter".utf8)) }
            try await subject.store.adopt(try letter("first"), as: digest, size: 8)
            let first = try #require(try await subject.store.open(digest))
            let isCurrentAtFirst = first.isCurrent

            try await subject.store.adopt(try letter("second"), as: digest, size: 8)
            let second = try #require(try await subject.store.open(digest))
            let (isFirstCurrent, isSecondCurrent) = (first.isCurrent, second.isCurrent)
            try await subject.store.remove(digest)

            #expect(isCurrentAtFirst)
            #expect(!isFirstCurrent)
            #expect(isSecondCurrent)
            #expect(!second.isCurrent)
        },
        Promise("what was never adopted is not there") { subject in
            let blob = try await subject.store.open(Digester.digest(of: "nothing".utf8))
            let file = try await subject.store.localFile(of: Digester.digest(of: "nothing".utf8))

            #expect(blob == nil)
            #expect(file == nil)
        },
        Promise("adopting the same bytes again changes nothing, and takes the staged file away") { subject in
            let digest = Digester.digest(of: "twice".utf8)
            try await subject.store.adopt(try subject.staged("first", "twice".utf8), as: digest, size: 5)
            let second = try subject.staged("second", "twice".utf8)

            try await subject.store.adopt(second, as: digest, size: 5)
            let names = try await subject.store.open(digest)

            #expect(names?.size == 5)
            #expect(throws: (any Error).self) { try subject.folder.bytes("second") }
        },
        Promise("adopting again after the staged file is gone is not an error") { subject in
            let digest = Digester.digest(of: "crash".utf8)
            let staged = try subject.staged("staged", "crash".utf8)
            try await subject.store.adopt(staged, as: digest, size: 5)

            try await subject.store.adopt(staged, as: digest, size: 5)
        },
        Promise("a staged file of another size is refused, and stays") { subject in
            let digest = Digester.digest(of: "short".utf8)
            let staged = try subject.staged("staged", "short".utf8)

            await #expect(throws: BlobStoreError.sizeMismatch(expected: 6, actual: 5)) {
                try await subject.store.adopt(staged, as: digest, size: 6)
            }
            let blob = try await subject.store.open(digest)

            #expect(blob == nil)
            #expect(try opened(staged, with: subject.keyring) == Array("short".utf8))
        },
        Promise("a staged file of other bytes, or one that is not whole, is refused, and stays") { subject in
            let digest = Digester.digest(of: "mine".utf8)
            let other = try subject.staged("other", "else".utf8)
            let half = try subject.folder.file("half", try subject.folder.bytes("other").dropLast(20))

            for staged in [other, half] {
                let error = await #expect(throws: BlobStoreError.self) {
                    try await subject.store.adopt(staged, as: digest, size: 4)
                }
                guard case .damaged(digest, _)? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }

            #expect(try await subject.store.open(digest) == nil)
            #expect(try opened(other, with: subject.keyring) == Array("else".utf8))
        },
        Promise("a staged file that is missing is an error") { subject in
            let digest = Digester.digest(of: "missing".utf8)

            await #expect(throws: BlobStoreError.missing(digest)) {
                try await subject.store.adopt(subject.folder.path.appending("missing"), as: digest, size: 7)
            }
        },
        Promise("many tasks adopt the same bytes at once") { subject in
            let digest = Digester.digest(of: "siblings".utf8)

            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<16 {
                    let staged = try subject.staged("staged-\(index)", "siblings".utf8)
                    group.addTask { try await subject.store.adopt(staged, as: digest, size: 8) }
                }
                try await group.waitForAll()
            }
            let blob = try await subject.store.open(digest)

            #expect(blob?.size == 8)
        },
        Promise("a digester takes what reading would give") { subject in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
            let digest = Digester.digest(of: bytes)
            try await subject.store.adopt(try subject.staged("staged", bytes), as: digest, size: 200_000)
            let blob = try #require(try await subject.store.open(digest))

            var digester = Digester()
            for range: Range<Int64> in [0..<70_000, 70_000..<70_001, 70_001..<200_000] {
                digester = try await blob.update(digester, with: range)
            }

            #expect(digester.digest == digest)
        },
        Promise("blobs are listed in the order of their digests, each once, with when they were stored") { subject in
            // A file system's clock goes in steps.
            let began = Date().addingTimeInterval(-1)
            var digests: [Digest] = []
            for number in 0..<30 {
                let text = "file \(number)"
                digests.append(Digester.digest(of: text.utf8))
                try await subject.store.adopt(
                    try subject.staged("staged", text.utf8), as: digests[number], size: Int64(text.utf8.count))
            }

            var listed: [BlobListing] = []
            while true {
                let page = try await subject.store.list(after: listed.last?.digest, limit: 4)
                if page.isEmpty { break }
                listed += page
            }

            #expect(listed.map(\.digest) == digests.sorted { $0.hex < $1.hex })
            #expect(listed.allSatisfy { (began...Date()).contains($0.storedAt) && $0.storedSize > 0 })
        },
        Promise("a removed blob is gone, and removing it again is not an error") { subject in
            let digest = Digester.digest(of: "gone".utf8)
            try await subject.store.adopt(try subject.staged("staged", "gone".utf8), as: digest, size: 4)

            try await subject.store.remove(digest)
            try await subject.store.remove(digest)

            #expect(try await subject.store.open(digest) == nil)
            #expect(try await subject.store.list(after: nil, limit: 10).isEmpty)
        },
    ]
}

extension TemporaryDirectory {
    /// The bytes of a file in the folder.
    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path.appending(name).string)))
    }
}
