internal import Foundation
package import Scanning
package import Sealing
internal import SystemPackage
package import TestSupport
internal import Testing

/// What every scanner promises, and what those promise that look.
package enum ScannerConformance {
    /// A scanner, and where files for it are sealed.
    package struct Subject: Sendable {
        package let scanner: any Scanning.Scanner
        private let folder: TemporaryDirectory
        private let keyring: Keyring

        /// - Parameter make: makes the scanner, which reads what is sealed with the keyring.
        package init(in folder: TemporaryDirectory, _ make: (Keyring) -> any Scanning.Scanner) {
            self.folder = folder
            keyring = .forTests()
            scanner = make(keyring)
        }

        func sealed(_ plain: [UInt8]) throws -> FilePath {
            try folder.sealed(UUID().uuidString, plain, with: keyring)
        }

        func scan(_ plain: [UInt8]) async throws -> ScanResult { await scanner.scan(try sealed(plain)) }

        var nowhere: FilePath { folder.path.appending("nowhere") }
    }

    /// What holds for everyone, also for one that does not look.
    package static let promises: [Promise<Subject>] = [
        Promise("a harmless file is let through, each time, and stays as it is") { subject in
            let file = try subject.sealed(Array("You drew our house.".utf8))
            let before = try Data(contentsOf: URL(fileURLWithPath: file.string))

            let first = await subject.scanner.scan(file)
            let second = await subject.scanner.scan(file)
            let after = try Data(contentsOf: URL(fileURLWithPath: file.string))

            #expect(first == .clean || first == .off)
            #expect(second == first)
            #expect(after == before)
        },
        Promise("a scan that nobody wants any more ends") { subject in
            let file = try subject.sealed([UInt8](repeating: 7, count: 4 << 20))

            let result = await withTaskGroup(of: ScanResult.self) { group in
                group.addTask { await subject.scanner.scan(file) }
                group.cancelAll()
                return await group.next()
            }

            #expect(result != nil)
        },
    ]

    /// What holds for those that look.
    package static let discoveries: [Promise<Subject>] = [
        Promise("malware is found, wherever in the file it is, and named") { subject in
            // The last one lies across the border of two segments.
            for (before, after) in [(0, 0), (0, 300_000), (300_000, 0), (65_500, 65_500)] {
                let plain =
                    [UInt8](repeating: 32, count: before) + ClamDaemon.eicar + [UInt8](repeating: 10, count: after)
                let result = try await subject.scan(plain)
                #expect(result == .found(signature: ClamDaemon.signature), "\(before) bytes before it")
            }
        },
        Promise("many files at once each get the answer that is theirs") { subject in
            try await withThrowingTaskGroup(of: (Bool, ScanResult).self) { group in
                for index in 0..<24 {
                    group.addTask {
                        let isHarmful = index.isMultiple(of: 3)
                        let bytes = isHarmful ? ClamDaemon.eicar : Array("drawing \(index)".utf8)
                        return (isHarmful, try await subject.scan(bytes))
                    }
                }
                for try await (isHarmful, result) in group {
                    #expect(result == (isHarmful ? .found(signature: ClamDaemon.signature) : .clean))
                }
            }
        },
        Promise("what cannot be read is not let through") { subject in
            let damaged = try subject.sealed([UInt8](repeating: 7, count: 200_000))
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: damaged.string))
            try handle.seek(toOffset: 100_000)
            try handle.write(contentsOf: [1, 2, 3])
            try handle.close()

            let results = [await subject.scanner.scan(subject.nowhere), await subject.scanner.scan(damaged)]

            #expect(results == [.notScanned(.unreadable), .notScanned(.unreadable)])
        },
    ]
}
