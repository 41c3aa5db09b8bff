internal import Artefacts
internal import FoundationEssentials
package import Linking
package import Logging
package import Storing

/// Reads whole blobs, to see whether every byte still is the one that was stored.
package struct FixityCheck: Sendable {
    private let blobs: any BlobStore
    private let catalogue: any Catalogue
    private let logger: Logger

    /// Bytes read at once.
    private static let step: Int64 = 1 << 20

    package init(blobs: any BlobStore, catalogue: any Catalogue, logger: Logger) {
        self.blobs = blobs
        self.catalogue = catalogue
        self.logger = logger
    }

    /// Reads one blob, authenticating every segment and computing its digest anew.
    ///
    /// - Throws: what `pace` throws; never because of the blob.
    package func verify(_ blob: StoredBlob, pace: Pace) async throws -> Verification {
        do {
            return Verification(digest: blob.digest, at: Date(), damage: try await damage(of: blob, pace))
        } catch let error as BlobStoreError {
            return Verification(digest: blob.digest, at: Date(), damage: error.damage ?? "it cannot be read")
        }
    }

    private func damage(of blob: StoredBlob, _ pace: Pace) async throws -> String? {
        guard let reader = try await blobs.open(blob.digest) else { throw BlobStoreError.missing(blob.digest) }
        guard reader.size == blob.size else { return "it has another size than the index says" }
        var digester = Digester()
        var position: Int64 = 0
        while position < blob.size {
            let range = position..<min(position + Self.step, blob.size)
            digester = try await reader.update(digester, with: range)
            position = range.upperBound
            try await pace.spend(range.count)
        }
        return digester.digest == blob.digest ? nil : "its bytes have another digest"
    }

    /// Keeps what was found; says what is damaged.
    package func record(_ verifications: [Verification]) async throws {
        for verification in verifications {
            guard let damage = verification.damage else { continue }
            logger.critical("a blob is damaged: \(damage)", metadata: ["blob": "\(verification.digest)"])
        }
        try await catalogue.record(fixity: verifications)
    }

    /// Keeps what a reader came upon, so that the blob is not served again.
    ///
    /// Only what is the blob's own: a disk that could not be read for a moment
    /// damages nothing.
    package func note(_ error: BlobStoreError) async {
        guard let damage = error.damage, let digest = error.digest else { return }
        do {
            try await record([Verification(digest: digest, at: Date(), damage: damage)])
        } catch {
            logger.error("damage could not be kept in the index: \(error)")
        }
    }
}

extension BlobStoreError {
    /// Where the damage shows, for records managers; `nil` where it is not the blob's own.
    var damage: String? {
        switch self {
        case .damaged(_, let reason): reason
        case .missing: "it is missing"
        case .sizeMismatch: "it has another size"
        case .noSpace, .file: nil
        }
    }

    /// The blob that is damaged.
    fileprivate var digest: Digest? {
        switch self {
        case .damaged(let digest, _), .missing(let digest): digest
        case .sizeMismatch, .noSpace, .file: nil
        }
    }
}
