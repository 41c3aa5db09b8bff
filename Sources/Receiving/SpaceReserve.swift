internal import Synchronization

/// Room on the disk that uploads leave to the index and to people.
///
/// The file system is asked at least once in a second, and always when little
/// is left; in between, what was asked for is taken off.
package final class SpaceReserve: Sendable {
    private struct Reading {
        var free: Int64
        let at: ContinuousClock.Instant
    }

    private let store: any UploadStore
    private let bytes: Int64
    private let reading = Mutex<Reading?>(nil)

    private static let span: Duration = .seconds(1)
    /// With less than this above the reserve, each question is asked anew.
    private static let plenty: Int64 = 1 << 30

    package init(bytes: Int64, of store: any UploadStore) {
        self.bytes = bytes
        self.store = store
    }

    /// Whether the reserve is still free once `size` more bytes are written.
    package func isLeft(after size: Int64 = 0) async throws(UploadStoreError) -> Bool {
        if takeKnown(size) { return true }
        let free = try await store.freeBytes()
        reading.withLock { $0 = Reading(free: free - size, at: .now) }
        return free - size > bytes
    }

    private func takeKnown(_ size: Int64) -> Bool {
        reading.withLock { reading in
            guard let known = reading, known.at.duration(to: .now) < Self.span,
                known.free - size > bytes + Self.plenty
            else { return false }
            reading?.free -= size
            return true
        }
    }
}
