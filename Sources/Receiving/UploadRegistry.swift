package import Artefacts

/// Sees to it that each upload has one request at a time, and that the newest wins.
///
/// A client whose connection died comes back on a new one; the old request is
/// then told to end, keeps what it received, and the new one goes on.
package actor UploadRegistry {
    private struct Holder {
        let preempt: @Sendable () -> Void
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private var holders: [UploadID: Holder] = [:]
    private var checkpoints: [UploadID: UploadCheckpoint] = [:]
    /// Uploads whose bytes are all there, and which could not be finished.
    package private(set) var stuck: Set<UploadID> = []
    /// Uploads that are put together from others, which are not all there yet.
    package private(set) var expectedFinals: Set<UploadID> = []

    package init() {}

    /// Runs `work` as the only holder of the upload.
    ///
    /// - Parameter preempt: called at most once, when a newer request wants the
    ///   upload; must make `work` end soon.
    nonisolated package func holding<Value: Sendable>(
        _ id: UploadID, preempt: @escaping @Sendable () -> Void,
        _ work: () async throws -> Value
    ) async rethrows -> Value {
        await acquire(id, preempt)
        do {
            let value = try await work()
            await release(id)
            return value
        } catch {
            await release(id)
            throw error
        }
    }

    /// Where the upload was left in this process, if it was.
    package func checkpoint(of id: UploadID) -> UploadCheckpoint? { checkpoints[id] }

    /// Remembers where an upload was left, or forgets it.
    package func remember(_ checkpoint: UploadCheckpoint?, of id: UploadID) { checkpoints[id] = checkpoint }

    /// Remembers, or forgets, that an upload has all its bytes and could not be finished.
    package func remember(stuck id: UploadID, _ isStuck: Bool) {
        if isStuck { stuck.insert(id) } else { stuck.remove(id) }
    }

    package func expect(final id: UploadID) { expectedFinals.insert(id) }

    package func forget(final id: UploadID) { expectedFinals.remove(id) }

    private func acquire(_ id: UploadID, _ preempt: @escaping @Sendable () -> Void) async {
        while let holder = holders[id] {
            if holder.waiting.isEmpty { holder.preempt() }
            await withCheckedContinuation { holders[id]?.waiting.append($0) }
        }
        holders[id] = Holder(preempt: preempt)
    }

    private func release(_ id: UploadID) {
        for waiting in holders.removeValue(forKey: id)?.waiting ?? [] { waiting.resume() }
    }
}
