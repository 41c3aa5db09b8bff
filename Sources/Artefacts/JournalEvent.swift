package import FoundationEssentials

/// One act, as the journal keeps it. Holds no content, name, caption or token.
package struct JournalEvent: Hashable, Sendable {
    /// What was done.
    package enum Act: String, Sendable, Codable {
        case childAdded, childSeen, childrenListed, childExported
        case timelineSeen, searched
        case uploadCreated, uploadCancelled
        case artefactLinked, artefactInspected, artefactRefused
        case artefactDerived, artefactNotDerived
        case artefactReleased, artefactHeld
        case artefactSeen, contentRead, derivativeRead, locationRead
        /// The subject is the entry and the field: `<id>/<field>`.
        case corrected
        case historySeen
        case tokenCreated, signedIn, signedOut
        case blobDamaged, blobHealed, blobsVerified, garbageCollected
        case keysRotated, keysRetired
        case indexRebuilt, backedUp, restored
    }

    package let at: Date
    /// ``Principal/name``, or `keepsake` for what the daemon does by itself.
    package let actor: String
    package let act: Act
    /// The identifier of what was acted on.
    package let subject: String
    package let child: ChildID?

    package init(at: Date, actor: String, act: Act, subject: String, child: ChildID?) {
        self.at = at
        self.actor = actor
        self.act = act
        self.subject = subject
        self.child = child
    }

    /// The actor of what the daemon does by itself.
    package static let daemon = "keepsake"

    /// What the daemon, or a command beside it, does by itself and for no one child.
    package static func byDaemon(_ act: Act, _ subject: String, at instant: Date = Date()) -> JournalEvent {
        JournalEvent(at: instant, actor: daemon, act: act, subject: subject, child: nil)
    }
}
