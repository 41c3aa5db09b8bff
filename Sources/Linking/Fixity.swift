package import Artefacts
package import FoundationEssentials

/// A blob as the index knows it.
package struct StoredBlob: Hashable, Sendable {
    package let digest: Digest
    /// Plain bytes.
    package let size: Int64
    /// Where the damage shows, if it was found to be damaged.
    package let damage: String?

    package init(digest: Digest, size: Int64, damage: String? = nil) {
        self.digest = digest
        self.size = size
        self.damage = damage
    }
}

/// What reading a whole blob, or the attempt, told about it.
package struct Verification: Hashable, Sendable {
    package let digest: Digest
    package let at: Date
    /// Where the damage shows; `nil`: every byte is the one that was stored.
    package let damage: String?

    package init(digest: Digest, at: Date, damage: String?) {
        self.digest = digest
        self.at = at
        self.damage = damage
    }
}

/// How the blobs are, all in all.
package struct FixitySummary: Hashable, Sendable {
    package let blobs: Int
    /// Plain bytes of all blobs.
    package let bytes: Int64
    package let damaged: Int
    /// When the blob was verified that was verified longest ago; `nil` if one never was.
    package let oldestVerification: Date?

    package init(blobs: Int, bytes: Int64, damaged: Int, oldestVerification: Date?) {
        self.blobs = blobs
        self.bytes = bytes
        self.damaged = damaged
        self.oldestVerification = oldestVerification
    }
}

/// A verification of all blobs, which may take several goes.
package struct FixityRun: Hashable, Sendable {
    package let startedAt: Date
    /// Whether an earlier go did not come to its end.
    package let isContinued: Bool
    /// Plain bytes of the blobs that are still to be read.
    package let remaining: Int64

    package init(startedAt: Date, isContinued: Bool, remaining: Int64) {
        self.startedAt = startedAt
        self.isContinued = isContinued
        self.remaining = remaining
    }
}
