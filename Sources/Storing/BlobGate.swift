package import Artefacts

/// Sees to it that nobody collects a blob that somebody is about to link.
package actor BlobGate {
    private var held: [Digest: [CheckedContinuation<Void, Never>]] = [:]

    package init() {}

    /// Runs `work` while nobody else works on that blob.
    nonisolated package func holding<Value: Sendable>(
        _ digest: Digest, _ work: () async throws -> Value
    ) async rethrows -> Value {
        await acquire(digest)
        do {
            let value = try await work()
            await release(digest)
            return value
        } catch {
            await release(digest)
            throw error
        }
    }

    private func acquire(_ digest: Digest) async {
        guard held[digest] != nil else {
            held[digest] = []
            return
        }
        // Whoever releases it hands it on.
        await withCheckedContinuation { held[digest]?.append($0) }
    }

    private func release(_ digest: Digest) {
        guard var waiting = held[digest], !waiting.isEmpty else {
            held[digest] = nil
            return
        }
        let next = waiting.removeFirst()
        held[digest] = waiting
        next.resume()
    }
}
