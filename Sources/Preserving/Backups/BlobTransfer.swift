internal import Artefacts
internal import FoundationEssentials
internal import Linking
internal import Storing

/// Brings all blobs that an index names from one store to another.
struct BlobTransfer {
    let copy: VerifiedCopy
    let source: any BlobStore
    let target: any BlobStore

    private static let batch = 200

    /// Copies what the target does not have, or has and cannot open.
    ///
    /// - Parameter progress: told the plain bytes of each blob that is done.
    func run(_ index: any Catalogue, progress: (Int64) -> Void) async throws -> CopyReport {
        var report = CopyReport()
        var cursor: Digest?
        repeat {
            let page = try await index.storedBlobs(after: cursor, limit: Self.batch)
            for blob in page {
                try await transfer(blob, &report)
                progress(blob.size)
            }
            cursor = page.last?.digest
        } while cursor != nil
        return report
    }

    private func transfer(_ blob: StoredBlob, _ report: inout CopyReport) async throws {
        if try await isThere(blob) {
            report.present += 1
            return
        }
        do {
            try await copy.copy(blob, from: source, to: target)
            report.copied += 1
            report.bytes += blob.size
        } catch let error as BlobStoreError {
            // A full disk stops everything; a bad blob stops itself alone.
            guard let damage = error.damage else { throw error }
            report.damaged.append(Verification(digest: blob.digest, at: Date(), damage: damage))
        }
    }

    /// Its header and its end mark are looked at, with the keys of today.
    private func isThere(_ blob: StoredBlob) async throws -> Bool {
        do {
            return try await target.open(blob.digest)?.size == blob.size
        } catch BlobStoreError.damaged {
            return false
        }
    }
}
