internal import FoundationEssentials
package import Linking
package import Logging
internal import ServiceLifecycle
package import Storing

/// Writes what the index knows beside the blobs, within seconds of each change.
///
/// The index says what changed (its outbox is part of each transaction); a
/// change is struck off once its record is durable, so that a crash at any
/// point writes some records twice and none never.
package struct RecordKeeper: Service {
    private let catalogue: any Catalogue
    private let records: RecordStore
    private let deferring: Deferring
    private let logger: Logger

    static let journalKind = "journal"
    /// Records are to be there 5 s after the change.
    private static let patience: Duration = .seconds(3)
    /// The more there are, the more of them share a folder, and its sync.
    private static let batch = 1000

    /// - Parameter isBusy: whether the daemon has so much to do that this should wait a little.
    package init(
        catalogue: any Catalogue, records: RecordStore, logger: Logger,
        isBusy: @escaping @Sendable () -> Bool = { false }
    ) {
        self.catalogue = catalogue
        self.records = records
        deferring = Deferring(patience: Self.patience, isBusy: isBusy)
        self.logger = logger
    }

    /// Runs until the daemon stops, and leaves nothing unwritten.
    package func run() async throws {
        await deferring.run { await writeAllLogged() }
        await writeAllLogged()
    }

    private func writeAllLogged() async {
        do {
            try await writeAll()
        } catch {
            logger.error("records could not be written beside the blobs: \(error)")
        }
    }

    /// Writes everything that is still to be written.
    package func writeAll() async throws {
        while true {
            let changed = try await catalogue.changedRecords(limit: Self.batch)
            guard !changed.isEmpty else { break }
            var pending: [(RecordStore.Name, [UInt8])] = []
            for (change, record) in zip(changed, try await catalogue.records(of: changed)) {
                // What is gone by now leaves its last record for whoever erases it.
                guard let record else { continue }
                pending.append((RecordStore.Name(kind: change.kind.rawValue, id: change.id), try record.bytes))
            }
            try await records.write(pending)
            try await catalogue.written(changed)
        }
        try await writeJournal()
    }

    /// Pieces that are not full are written anew with each record that is added to them.
    private func writeJournal() async throws {
        var written = try await catalogue.writtenJournal()
        while true {
            let beginning = written / JournalPiece.size * JournalPiece.size
            let piece = try await catalogue.journal(after: beginning, limit: Int(JournalPiece.size))
            guard let last = piece.last?.sequence, last > written else { return }
            let name = RecordStore.Name(kind: Self.journalKind, id: JournalPiece.name(first: beginning + 1))
            try await records.write([(name, try RecordJSON.bytes(of: JournalPiece(piece)))])
            try await catalogue.written(journalUpTo: last)
            written = last
        }
    }
}
