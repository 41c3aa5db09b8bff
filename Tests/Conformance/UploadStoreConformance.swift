internal import Artefacts
internal import Foundation
internal import NIOCore
package import Receiving
package import Sealing
internal import SystemPackage
internal import TestSupport
internal import Testing

/// What every upload store promises.
package enum UploadStoreConformance {
    /// Makes a store over the same uploads again, as after a restart.
    package struct Subject: Sendable {
        let keyring: Keyring
        private let make: @Sendable (Keyring) throws -> any UploadStore

        package init(_ make: @escaping @Sendable (Keyring) throws -> any UploadStore) {
            keyring = .forTests()
            self.make = make
        }

        func callAsFunction() throws -> any UploadStore { try make(keyring) }
    }

    package static let promises: [Promise<Subject>] = [
        Promise("an upload that was created is there after a restart, with everything that was declared") { make in
            let declaration = declaration(length: 10)
            _ = try await make().create(declaration)

            let found = try await make().upload(declaration.id)

            #expect(found?.declaration == declaration)
            #expect(found?.offset == 0)
            #expect(found?.received == nil)
        },
        Promise("committed bytes are there after a restart") { make in
            let declaration = declaration(length: 10)
            let spool = try await make().create(declaration)
            try await spool.write([ByteBuffer(string: "hello")], at: 0)
            try await spool.commit(5, nil)

            let found = try await make().upload(declaration.id)
            let digester = try await make().open(declaration.id).digester(of: 5)

            #expect(found?.offset == 5)
            #expect(digester.digest == Digester.digest(of: "hello".utf8))
        },
        Promise("bytes that were never committed are cut off when the upload is opened again") { make in
            let declaration = declaration(length: 10)
            let spool = try await make().create(declaration)
            try await spool.write([ByteBuffer(string: "hello")], at: 0)
            try await spool.commit(2, nil)

            let again = try await make().open(declaration.id)
            try await again.write([ByteBuffer(string: "y")], at: 2)
            try await again.commit(3, nil)
            let digester = try await make().open(declaration.id).digester(of: 3)

            #expect(digester.digest == Digester.digest(of: "hey".utf8))
        },
        Promise("offsets grow from commit to commit") { make in
            let declaration = declaration(length: 1000)
            let spool = try await make().create(declaration)
            for step in 1...20 {
                try await spool.write([ByteBuffer(repeating: UInt8(step), count: 50)], at: Int64(step - 1) * 50)
                try await spool.commit(Int64(step) * 50, nil)
                let found = try await make().upload(declaration.id)
                #expect(found?.offset == Int64(step) * 50)
            }
        },
        Promise("a complete upload says so after a restart, with its digest and its bytes") { make in
            let declaration = declaration(length: 5)
            let spool = try await make().create(declaration)
            try await spool.write([ByteBuffer(string: "he"), ByteBuffer(string: "llo")], at: 0)
            try await spool.complete(writing: [], Digester.digest(of: "hello".utf8), size: 5)

            let found = try #require(try await make().upload(declaration.id))
            let bytes = try opened(found.staged, with: make.keyring)

            #expect(found.received == Digester.digest(of: "hello".utf8))
            #expect(found.offset == 5)
            #expect(bytes == Array("hello".utf8))
        },
        Promise("the last bytes can be written with the completion, also all of them at once") { make in
            let bytes = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 11 ^ $0 >> 6) }
            let spool = try await make().createTransient(UploadID())
            try await spool.complete(
                writing: [ByteBuffer(bytes: bytes[..<70_000]), ByteBuffer(bytes: bytes[70_000...])],
                Digester.digest(of: bytes), size: 150_000)

            #expect(try opened(spool.staged, with: make.keyring) == bytes)
        },
        Promise("bytes in requests of any size are all there, whenever the daemon stops between them") { make in
            let sizes = [1, 65_535, 1, 200_000, 30_000, 30_000, 5_536, 65_536, 7]
            let bytes = (0..<sizes.reduce(0, +)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
            let declaration = declaration(length: Int64(bytes.count))
            _ = try await make().create(declaration)
            var offset = 0
            for size in sizes {
                let spool = try await make().open(declaration.id)
                try await spool.write([ByteBuffer(bytes: bytes[offset..<offset + size])], at: Int64(offset))
                offset += size
                try await spool.commit(Int64(offset), nil)
                try await spool.write([ByteBuffer(repeating: 0, count: 70_000)], at: Int64(offset))

                let again = try await make().open(declaration.id)
                #expect(try await again.digester(of: Int64(offset)).digest == Digester.digest(of: bytes[..<offset]))
                #expect(try await make().upload(declaration.id)?.offset == Int64(offset))
            }
            let last = try await make().open(declaration.id)
            try await last.complete(writing: [], Digester.digest(of: bytes), size: Int64(bytes.count))

            #expect(try opened(last.staged, with: make.keyring) == bytes)
        },
        Promise("a length that is said later is there after a restart, and stays when the log is written anew") {
            make in
            let declaration = declaration(length: nil)
            let spool = try await make().create(declaration)
            try await spool.declare(length: 500_000)
            let found = try await make().upload(declaration.id)
            for offset in stride(from: Int64(0), to: 500_000, by: 500) {
                try await spool.write([ByteBuffer(repeating: 3, count: 500)], at: offset)
                try await spool.commit(offset + 500, nil)
            }
            let atEnd = try await make().upload(declaration.id)

            #expect(found?.length == 500_000)
            #expect(found?.declaration.length == nil)
            #expect(atEnd?.length == 500_000)
            #expect(atEnd?.offset == 500_000)
        },
        Promise("the digest goes on from the last midstate, wherever the commits were") { make in
            let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 17 ^ $0 >> 8) }
            let declaration = declaration(length: Int64(bytes.count))
            _ = try await make().create(declaration)
            var digester = Digester()
            var offset = 0
            for size in [1, 62, 1, 1, 65_471, 100_000, 300_001, 7] {
                let spool = try await make().open(declaration.id)
                let part = Array(bytes[offset..<offset + size])
                try await spool.write([ByteBuffer(bytes: part)], at: Int64(offset))
                part.withUnsafeBytes { digester.update($0) }
                offset += size
                try await spool.commit(Int64(offset), digester.midstate)

                let again = try await make().open(declaration.id)
                #expect(try await again.digester(of: Int64(offset)).digest == Digester.digest(of: bytes[..<offset]))
            }
        },
        Promise("the first 64 KiB can be looked at once they are there") { make in
            let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 29) }
            let spool = try await make().createTransient(UploadID())
            try await spool.write([ByteBuffer(bytes: bytes)], at: 0)

            #expect(try await spool.head(8) == Array(bytes[..<8]))
            #expect(try await spool.head(70_000) == Array(bytes[..<65_536]))
        },
        Promise("the bytes of a complete upload can be read, in any range") { make in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 10) }
            let declaration = declaration(length: Int64(bytes.count))
            let spool = try await make().create(declaration)
            try await spool.write([ByteBuffer(bytes: bytes)], at: 0)
            try await spool.complete(writing: [], Digester.digest(of: bytes), size: Int64(bytes.count))

            for range in [0..<200_000, 0..<1, 65_535..<65_537, 199_999..<200_000] {
                let read = try await make().bytes(Int64(range.lowerBound)..<Int64(range.upperBound), of: declaration.id)
                #expect(Array(read.readableBytesView) == Array(bytes[range]))
            }
            await #expect(throws: UploadStoreError.self) { _ = try await make().bytes(0..<1, of: UploadID()) }
        },
        Promise("of an upload that ended, what was declared is known until it is forgotten") { make in
            let declaration = declaration(length: 5)
            let transient = UploadID()
            _ = try await make().create(declaration)
            _ = try await make().createTransient(transient)

            try await make().end(declaration.id)
            try await make().end(transient)
            let found = try await make().upload(declaration.id)
            let ended = try await make().ended(declaration.id)
            let endedTransient = try await make().ended(transient)
            let tooEarly = try await make().forgetEnded(before: declaration.expiresAt)
            let forgotten = try await make().forgetEnded(before: declaration.expiresAt.addingTimeInterval(1))
            let after = try await make().ended(declaration.id)

            #expect(found == nil)
            #expect(ended == declaration)
            #expect(endedTransient == nil)
            #expect(tooEarly == 0)
            #expect(forgotten == 1)
            #expect(after == nil)
        },
        Promise("a thousand small requests leave a log of bounded size") { make in
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13 ^ $0 >> 7) }
            let declaration = declaration(length: Int64(bytes.count))
            let spool = try await make().create(declaration)
            for offset in stride(from: 0, to: bytes.count, by: 1000) {
                try await spool.write([ByteBuffer(bytes: bytes[offset..<offset + 1000])], at: Int64(offset))
                try await spool.commit(Int64(offset + 1000), nil)
            }

            let again = try await make().open(declaration.id)
            #expect(try await again.digester(of: 1_000_000).digest == Digester.digest(of: bytes))
        },
        Promise("a commit while more is written keeps what it was asked for, and tells no lies") { make in
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 11) }
            let declaration = declaration(length: Int64(bytes.count))
            let spool = try await make().create(declaration)
            try await spool.write([ByteBuffer(bytes: bytes[..<100_000])], at: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await spool.commit(100_000, nil) }
                group.addTask { try await spool.write([ByteBuffer(bytes: bytes[100_000...])], at: 100_000) }
                try await group.waitForAll()
            }

            let offset = try #require(try await make().upload(declaration.id)?.offset)
            let again = try await make().open(declaration.id)
            #expect(offset >= 100_000)
            #expect(try await again.digester(of: offset).digest == Digester.digest(of: bytes[..<Int(offset)]))
        },
        Promise("a removed upload is gone, and removing it again is not an error") { make in
            let declaration = declaration(length: 5)
            _ = try await make().create(declaration)

            try await make().remove(declaration.id)
            try await make().remove(declaration.id)
            let found = try await make().upload(declaration.id)

            #expect(found == nil)
            await #expect(throws: UploadStoreError.missing(declaration.id)) {
                _ = try await make().open(declaration.id)
            }
        },
        Promise("all uploads are listed, and transient ones are not") { make in
            let store = try make()
            let declarations = [declaration(length: 1), declaration(length: 2)]
            for declaration in declarations { _ = try await store.create(declaration) }
            _ = try await store.createTransient(UploadID())

            let listed = try await store.uploads().map(\.declaration.id)

            #expect(Set(listed) == Set(declarations.map(\.id)))
        },
        Promise("what transient uploads leave behind is swept at the next start, and nothing else") { make in
            let declaration = declaration(length: 5)
            let spool = try await make().create(declaration)
            try await spool.write([ByteBuffer(string: "hello")], at: 0)
            try await spool.commit(5, nil)
            let transient = try await make().createTransient(UploadID())
            try await transient.write([ByteBuffer(string: "half a file")], at: 0)

            let swept = try await make().sweepTransient()
            let sweptAgain = try await make().sweepTransient()
            let kept = try await make().open(declaration.id).digester(of: 5)

            #expect(swept == 1)
            #expect(sweptAgain == 0)
            #expect(kept.digest == Digester.digest(of: "hello".utf8))
        },
        Promise("there is some room") { make in
            let free = try await make().freeBytes()

            #expect(free > 0)
        },
    ]

    /// A declaration with something in every field.
    package static func declaration(length: Int64?) -> UploadDeclaration {
        UploadDeclaration(
            id: UploadID(), dialect: .http(interop: 6), owner: Principal(name: "worker-1", role: .worker),
            child: ChildID(),
            fileName: FileName(declared: "drawing.png"), declaredMimeType: "image/png",
            words: EntryWords(
                caption: "You drew “me”.\nAnd a dog 🐕", happenedAt: Date(timeIntervalSince1970: 1_790_000_000.25),
                voice: .direct, lenses: [.day, .feelings], contributor: "Amira", visit: "v1", visibility: .child),
            times: DeclaredTimes(
                lastModified: Date(timeIntervalSince1970: 1_780_000_000.5), timeZone: "Europe/London"),
            tusMetadata: "filename ZHJhd2luZy5wbmc=", tusConcat: "final;/a /b",
            concatenation: .final([UploadID(), UploadID()]), digest: Digester.digest(of: "hello".utf8), length: length,
            createdAt: Date(timeIntervalSince1970: 1_795_000_000),
            expiresAt: Date(timeIntervalSince1970: 1_895_000_000))
    }
}
