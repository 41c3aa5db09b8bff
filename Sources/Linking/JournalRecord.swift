package import Artefacts

/// One line of the journal, as kept.
package struct JournalRecord: Hashable, Sendable {
    /// 1, 2, 3, … without gaps.
    package let sequence: Int64
    package let event: JournalEvent
    /// The digest of the record before, all zeros for the first.
    package let previous: Digest
    /// The digest over ``previous`` and this record.
    package let digest: Digest

    package init(sequence: Int64, event: JournalEvent, previous: Digest, digest: Digest) {
        self.sequence = sequence
        self.event = event
        self.previous = previous
        self.digest = digest
    }
}
