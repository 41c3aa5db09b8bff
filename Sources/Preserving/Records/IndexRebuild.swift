package import Artefacts
internal import FoundationEssentials
package import Linking
internal import NIOCore
package import Storing

/// Makes a lost index anew from what lies beside it.
package struct IndexRebuild: Sendable {
    private let catalogue: any Catalogue
    private let blobs: any BlobStore
    private let records: RecordStore

    private static let batch = 200

    /// - Parameter catalogue: a new one, which is empty.
    package init(into catalogue: any Catalogue, from blobs: any BlobStore, _ records: RecordStore) {
        self.catalogue = catalogue
        self.blobs = blobs
        self.records = records
    }

    /// What was put back, and what could not be.
    package struct Result: Sendable {
        package var children = 0
        package var artefacts = 0
        package var refusals = 0
        package var journalRecords = 0
        /// Records that are not what was written, or that name what is not there.
        package var unreadable: [String] = []
        /// Blobs that no record tells of; they are set aside for a person.
        package var unplaced: [Digest] = []
        /// Blobs that records tell of and that are missing.
        package var missing: [Digest] = []
    }

    /// Puts everything back: children first, since artefacts refer to them.
    package func run() async throws -> Result {
        var result = Result()
        result.children = try await restore(.child, &result)
        result.artefacts = try await restore(.artefact, &result)
        result.refusals = try await restore(.refusal, &result)
        try await restoreJournal(&result)
        try await compareWithBlobs(&result)
        try await catalogue.record([
            JournalEvent.byDaemon(.indexRebuilt, "\(result.artefacts)")
        ])
        return result
    }

    private func restore(_ kind: IndexedRecord.Kind, _ result: inout Result) async throws -> Int {
        var count = 0
        var batch: [IndexedRecord] = []
        for name in try await records.names(of: kind.rawValue) {
            if let record = try await record(kind, name) {
                batch.append(record)
            } else {
                result.unreadable.append("\(name.kind) \(name.id)")
            }
            if batch.count == Self.batch { count += try await put(batch.take(), &result) }
        }
        return count + (try await put(batch, &result))
    }

    private func record(_ kind: IndexedRecord.Kind, _ name: RecordStore.Name) async throws -> IndexedRecord? {
        do {
            return IndexedRecord(kind, id: name.id, try await records.read(name))
        } catch RecordStoreError.damaged {
            return nil
        }
    }

    private func put(_ batch: [IndexedRecord], _ result: inout Result) async throws -> Int {
        do {
            try await catalogue.restore(batch)
            for case .artefact(let history) in batch { try await restoreWords(of: history) }
            return batch.count
        } catch CatalogueError.noSuchChild where batch.count > 1 {
            // One of them names a child whose record is unreadable: the others are put back.
            var count = 0
            for record in batch { count += try await put([record], &result) }
            return count
        } catch CatalogueError.noSuchChild(let child) {
            result.unreadable.append("child \(child), which an artefact names")
            return 0
        }
    }

    /// What was read in a document is found again.
    private func restoreWords(of history: ArtefactHistory) async throws {
        for case .made(let text) in history.outcomes.map(\.result) where text.kind == .text {
            // One that is damaged or missing is made again once that is noticed.
            guard let blob = try? await blobs.open(text.digest),
                let words = try? await blob.read(0..<min(blob.size, Int64(longestSearchedText)))
            else { continue }
            try await catalogue.index(text: String(buffer: words), of: history.artefact.id)
        }
    }

    private func restoreJournal(_ result: inout Result) async throws {
        for name in try await records.names(of: RecordKeeper.journalKind) {
            do {
                let piece = try RecordJSON.value(JournalPiece.self, from: try await records.read(name))
                try await catalogue.restore(journal: piece.journalRecords)
                result.journalRecords += piece.records.count
            } catch is DecodingError {
                result.unreadable.append("journal \(name.id)")
            } catch RecordStoreError.damaged {
                result.unreadable.append("journal \(name.id)")
            }
        }
    }

    private func compareWithBlobs(_ result: inout Result) async throws {
        var cursor: Digest?
        var present: Set<Digest> = []
        repeat {
            let page = try await blobs.list(after: cursor, limit: Self.batch)
            let digests = page.map(\.digest)
            let referenced = try await catalogue.referenced(among: digests)
            present.formUnion(referenced)
            result.unplaced += digests.filter { !referenced.contains($0) }
            cursor = page.last?.digest
        } while cursor != nil
        var aside: [StoredBlob] = []
        for digest in result.unplaced {
            // A damaged one has no size that could be believed.
            let size = try? await blobs.open(digest)?.size
            aside.append(StoredBlob(digest: digest, size: size ?? 0))
        }
        try await catalogue.setAside(aside)
        let known = try await catalogue.storedBlobs(after: nil, limit: .max).map(\.digest)
        result.missing = known.filter { !present.contains($0) }
        let now = Date()
        try await catalogue.record(
            fixity: result.missing.map { Verification(digest: $0, at: now, damage: "it is missing") })
    }
}

extension Array {
    /// All elements; none are left.
    fileprivate mutating func take() -> [Element] {
        defer { removeAll() }
        return self
    }
}
