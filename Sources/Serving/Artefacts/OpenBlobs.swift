internal import Artefacts
internal import Storing
internal import Synchronization

/// Blobs that were opened a moment ago.
///
/// A player asks for a video in hundreds of parts; to open its blob for each,
/// which unwraps its key and looks at both ends, costs more than a part.
/// One that was removed, replaced or written to since is opened again.
final class OpenBlobs: Sendable {
    private struct Opened {
        let blob: any BlobReader
        var usedAt: ContinuousClock.Instant
    }

    private struct State {
        var opened: [Digest: Opened] = [:]
        var sweptAt: ContinuousClock.Instant = .now
    }

    private let store: any BlobStore
    private let state = Mutex(State())

    private static let most = 128
    /// How long a blob that nobody reads stays open, or until the next is opened.
    private static let span: Duration = .seconds(10)

    init(_ store: any BlobStore) { self.store = store }

    /// The blob, or `nil` where there is none.
    func open(_ digest: Digest) async throws(BlobStoreError) -> (any BlobReader)? {
        if let blob = known(digest), blob.isCurrent { return blob }
        guard let blob = try await store.open(digest) else { return nil }
        keep(blob, digest)
        return blob
    }

    private func known(_ digest: Digest) -> (any BlobReader)? {
        state.withLock { state in
            state.opened[digest]?.usedAt = .now
            return state.opened[digest]?.blob
        }
    }

    private func keep(_ blob: any BlobReader, _ digest: Digest) {
        state.withLock { state in
            let now = ContinuousClock.now
            if state.opened.count >= Self.most || state.sweptAt.duration(to: now) > Self.span {
                state.opened = state.opened.filter { $0.value.usedAt.duration(to: now) < Self.span }
                state.sweptAt = now
            }
            // All in use: the next is opened for its reader alone.
            if state.opened.count < Self.most { state.opened[digest] = Opened(blob: blob, usedAt: now) }
        }
    }
}
