internal import Artefacts
package import FoundationEssentials
internal import Linking
internal import Logging
internal import Receiving

/// What was left half done when the daemon stopped.
extension Ingestion {
    /// Finishes or cleans what was half done. To be run before the first request.
    ///
    /// An upload whose bytes had all arrived is taken to its end; one that was
    /// still coming in waits for its client; one that has expired is removed.
    /// One that cannot be finished stays as it is, and the log says so.
    package func recover(at now: Date = Date()) async throws -> Recovery {
        var recovery = Recovery()
        recovery.swept = try await uploads.sweepTransient()
        for upload in try await uploads.uploads() {
            let declaration = upload.declaration
            ledger.resume(
                declaration.id, from: declaration.owner.name, bytes: max(upload.length ?? 0, upload.offset))
            if case .final = declaration.concatenation { await registry.expect(final: declaration.id) }
            if let received = Received(upload) {
                do {
                    _ = try await finish(received)
                    recovery.finished += 1
                } catch {
                    logger.error("an upload that is all there could not be finished: \(error)")
                    recovery.stuck += 1
                }
            } else if try await removeIfExpired(upload, at: now) {
                recovery.expired += 1
            } else {
                recovery.waiting += 1
            }
        }
        for final in await registry.expectedFinals {
            do {
                try await putTogether(final)
            } catch {
                logger.error("an upload could not be put together from its pieces: \(error)")
                recovery.stuck += 1
            }
        }
        return recovery
    }

    /// Removes unfinished uploads that have expired; answers how many.
    func removeExpired(at now: Date = Date()) async throws -> Int {
        var count = try await uploads.forgetEnded(before: now)
        for upload in try await uploads.uploads() where try await removeIfExpired(upload, at: now) { count += 1 }
        return count
    }

    private func removeIfExpired(_ upload: StoredUpload, at now: Date) async throws -> Bool {
        let id = upload.declaration.id
        guard upload.mayExpire, upload.declaration.expiresAt < now else { return false }
        return try await registry.holding(id, preempt: {}) {
            try await remove(id)
            UploadMeters.ended(upload.declaration.dialect, .expired)
            return true
        }
    }
}

/// What recovery found and did.
package struct Recovery: Sendable, Hashable {
    /// Uploads whose bytes were all there, and which are linked or refused now.
    package var finished = 0
    /// Uploads that could not be finished, and are left for the next start.
    package var stuck = 0
    /// Uploads that wait for their clients.
    package var waiting = 0
    /// Uploads that were too old, and are gone.
    package var expired = 0
    /// Pieces of requests that were never acknowledged, and are gone.
    package var swept = 0

    package init() {}
}
