package import Artefacts
package import FoundationEssentials

/// A finished upload as it goes onto a child's timeline.
package struct Link: Hashable, Sendable {
    package let upload: UploadID
    package let artefact: Artefact
    package let entry: Entry
    /// ``Principal/name`` of who added it.
    package let addedBy: String

    package init(upload: UploadID, artefact: Artefact, entry: Entry, addedBy: String) {
        self.upload = upload
        self.artefact = artefact
        self.entry = entry
        self.addedBy = addedBy
    }
}

/// An artefact and its entries.
package struct Linked: Hashable, Sendable {
    package let artefact: Artefact
    /// Oldest first; at least one.
    package let entries: [Entry]

    package init(artefact: Artefact, entries: [Entry]) {
        self.artefact = artefact
        self.entries = entries
    }
}

/// An upload that policy did not let in; its bytes are not kept.
package struct Refusal: Hashable, Sendable {
    package let upload: UploadID
    package let child: ChildID
    package let digest: Digest
    package let size: Int64
    package let fileName: FileName
    /// A plain sentence for the person who sent it.
    package let reason: String
    package let at: Date

    package init(
        upload: UploadID, child: ChildID, digest: Digest, size: Int64, fileName: FileName, reason: String, at: Date
    ) {
        self.upload = upload
        self.child = child
        self.digest = digest
        self.size = size
        self.fileName = fileName
        self.reason = reason
        self.at = at
    }
}

/// What became of a finished upload.
package enum UploadOutcome: Hashable, Sendable {
    case linked(Linked)
    case refused(Refusal)

    /// The refusal, if it is one.
    package var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}
