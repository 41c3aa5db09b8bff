internal import Synchronization
package import SystemPackage

/// Syncs of one folder that its callers share.
///
/// While one is on its way to the disk, those who come meanwhile wait, and the
/// next one is for all of them.
package final class SharedSync: Sendable {
    private struct Rounds {
        /// Callers, in the order in which they came, up to whom all have had their sync.
        var served = 0
        /// The last sync that failed, and up to whom. The system says so once, and not to the next who asks.
        var failure: (error: FileError, upTo: Int)?
    }

    private let folder: FilePath
    private let callers = Atomic<Int>(0)
    private let rounds = Mutex(Rounds())

    package init(of folder: FilePath) { self.folder = folder }

    /// Brings the folder's entries, as they are when this is called, to stable storage. Blocks.
    package func sync() throws(FileError) {
        let own = callers.add(1, ordering: .sequentiallyConsistent).newValue
        try rounds.withLock { (rounds) throws(FileError) in
            if let failure = rounds.failure, own <= failure.upTo { throw failure.error }
            guard own > rounds.served else { return }
            // What these callers changed was changed before this sync begins.
            let last = callers.load(ordering: .sequentiallyConsistent)
            do throws(FileError) {
                try Directory.sync(folder)
            } catch {
                rounds.failure = (error, last)
                throw error
            }
            rounds.served = last
        }
    }
}
