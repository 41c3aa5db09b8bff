internal import Artefacts
internal import FoundationEssentials
package import Linking

/// Verifies all blobs in one go, or in several where it is stopped.
package struct FixityRunner: Sendable {
    private let check: FixityCheck
    private let catalogue: any Catalogue

    private static let batch = 32

    package init(check: FixityCheck, catalogue: any Catalogue) {
        self.check = check
        self.catalogue = catalogue
    }

    /// How a run ended.
    package struct Result: Sendable {
        /// Blobs read in this go.
        package var verified = 0
        /// Plain bytes read in this go.
        package var bytes: Int64 = 0
        /// Blobs of this go that are damaged.
        package var damaged: [Verification] = []
    }

    /// Goes on with a run that was stopped, or begins one.
    ///
    /// - Parameters:
    ///   - anew: also where a run was stopped.
    ///   - concurrency: blobs read at once.
    ///   - progress: told the plain bytes of each blob that was read.
    package func run(
        anew: Bool, pace: Pace, concurrency: Int, onBegin: (FixityRun) -> Void,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> Result {
        let run = try await catalogue.fixityRun(at: Date(), anew: anew)
        onBegin(run)
        var result = Result()
        while true {
            let due = try await catalogue.blobs(notVerifiedSince: run.startedAt, limit: Self.batch * concurrency)
            guard !due.isEmpty else { break }
            let found = try await verify(due, pace, concurrency, progress)
            try await check.record(found)
            result.verified += found.count
            result.bytes += due.reduce(0) { $0 + $1.size }
            result.damaged += found.filter { $0.damage != nil }
        }
        try await catalogue.finish(
            run,
            journalling: JournalEvent.byDaemon(.blobsVerified, run.startedAt.ISO8601Format()))
        return result
    }

    private func verify(
        _ blobs: [StoredBlob], _ pace: Pace, _ concurrency: Int, _ progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> [Verification] {
        try await withThrowingTaskGroup(of: Verification.self) { group in
            var waiting = blobs[...]
            func begin() {
                guard let blob = waiting.popFirst() else { return }
                group.addTask {
                    let found = try await check.verify(blob, pace: pace)
                    progress(blob.size)
                    return found
                }
            }
            for _ in 0..<concurrency { begin() }
            var found: [Verification] = []
            while let verification = try await group.next() {
                found.append(verification)
                begin()
            }
            return found
        }
    }
}
