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

    /// What the catalogue has once it has this, whose instants are whole milliseconds there.
    var linked: Linked { Linked(artefact: artefact.inMilliseconds, entries: [entry.inMilliseconds]) }
}

extension Artefact {
    fileprivate var inMilliseconds: Artefact {
        let times = declaredTimes.flatMap {
            DeclaredTimes(lastModified: $0.lastModified?.inMilliseconds, timeZone: $0.timeZone)
        }
        return Artefact(
            id: id, digest: digest, size: size, fileName: fileName, declaredMimeType: declaredMimeType,
            receivedAt: receivedAt.inMilliseconds, declaredTimes: times, finding: finding.inMilliseconds,
            derivatives: Derivatives(isPending: derivatives.isPending))
    }
}

extension Finding {
    fileprivate var inMilliseconds: Finding {
        Finding(
            state: state, reasons: reasons, mimeType: mimeType, kind: kind, media: media,
            captured: captured.inMilliseconds, puid: puid, report: report, presentation: presentation)
    }
}

extension Entry {
    fileprivate var inMilliseconds: Entry {
        var words = words
        words.happenedAt = words.happenedAt?.inMilliseconds
        return Entry(
            id: id, child: child, artefact: artefact, happened: happened.inMilliseconds, words: words,
            createdAt: createdAt.inMilliseconds, addedAs: addedAs)
    }
}

extension CaptureDate {
    fileprivate var inMilliseconds: CaptureDate {
        CaptureDate(
            at: at.inMilliseconds, precision: precision, source: source, confidence: confidence, offset: offset)
    }
}

extension Date {
    fileprivate var inMilliseconds: Date { Date(milliseconds: milliseconds) }
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
