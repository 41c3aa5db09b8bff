internal import Artefacts
internal import Linking

/// An artefact of the story, and where its bytes lie in the bag.
struct Original {
    let entry: Entry
    let artefact: Artefact
    /// `nil` where the bytes are in the bag.
    let absence: Absence?

    init(_ item: TimelineItem, absence: Absence?) {
        entry = item.entry
        artefact = item.artefact
        self.absence = absence
    }

    /// Below `data/`; `nil` where the bytes are not in the bag.
    var path: String? { absence == nil ? Self.path(of: entry, artefact) : nil }

    /// When it happened, which artefact, what it was called; so a folder that
    /// is sorted by name is the story in its order.
    static func path(of entry: Entry, _ artefact: Artefact) -> String {
        let day = Wording.day(entry.happened.at, offset: entry.happened.shownOffset)
        return "originals/\(day)-\(artefact.id.ending(12))-\(SafeName.plain(artefact.fileName))"
    }
}

extension Identifier {
    /// The last digits, which are random; the first are the time, and alike for
    /// all that was added in the same minute.
    ///
    /// Source: RFC 9562, section 5.7.
    func ending(_ count: Int) -> String { String(description.suffix(count)) }
}
