import Linking
import Logging
import ServiceLifecycle

/// Ends the daemon when the disk fails under its index: what is in memory is
/// then more than the disk has, and only a new start reads what is there.
struct IndexWatch: Service {
    let catalogue: SQLiteCatalogue
    let logger: Logger

    func run() async throws {
        for await failure in catalogue.failures.cancelOnGracefulShutdown() {
            let failed = IndexFailed(reason: failure)
            // Also as a line of the log, which what else ends now does not run into.
            logger.critical("\(failed)")
            throw failed
        }
    }
}

/// The disk did not take what was written to the index.
struct IndexFailed: Error, CustomStringConvertible {
    let reason: String

    var description: String {
        "The disk failed under the index (\(reason)). Look after the disk, then start Keepsake again: "
            + "everything that was confirmed is looked for there."
    }
}
