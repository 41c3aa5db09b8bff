internal import Artefacts
internal import Synchronization

/// Logs of which this process knows that they are on stable storage as they read.
///
/// When a sync fails the system may forget what it could not write, and
/// answers from memory as if it had: such a log, and any that another process
/// left, is read from the disk before anybody is told what it says.
///
/// Source: fsync(2), "EIO"; the error is reported once.
final class SettledLogs: Sendable {
    private let known = Mutex<Set<UploadID>>([])

    func contains(_ id: UploadID) -> Bool { known.withLock { $0.contains(id) } }

    func insert(_ id: UploadID) { known.withLock { _ = $0.insert(id) } }

    func remove(_ id: UploadID) { known.withLock { _ = $0.remove(id) } }
}
