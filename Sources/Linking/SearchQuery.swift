package import Artefacts

/// Which entries of a child's story have some words in them.
package struct SearchQuery: Hashable, Sendable {
    package let child: ChildID
    /// Entries that the reader may see; see ``AccessPolicy``.
    package let visibilities: [Visibility]
    /// All of them are to be in what people wrote about the entry, or in what was
    /// read in the artefact; of the last, the beginning is enough.
    package let words: SearchWords
    package var after: TimelineCursor?
    /// Most items, 1 to 200.
    package var limit: Int = 50

    package init(child: ChildID, visibilities: [Visibility], words: SearchWords) {
        self.child = child
        self.visibilities = visibilities
        self.words = words
    }
}

/// Where words are found; what comes first is shown first.
package enum SearchedField: String, Sendable, Codable, CaseIterable {
    /// What was read in the artefact.
    case text
    /// What people wrote about the entry.
    case transcript, altText, caption
}

/// An entry that has the words.
package struct SearchHit: Hashable, Sendable {
    package let item: TimelineItem
    /// What the snippet is of.
    package let foundIn: SearchedField
    /// Where the words are: some of the text around them, in order.
    package let snippet: [SnippetPiece]

    package init(item: TimelineItem, foundIn: SearchedField, snippet: [SnippetPiece]) {
        self.item = item
        self.foundIn = foundIn
        self.snippet = snippet
    }
}

/// A piece of plain text, which is one of the words or lies between them.
package struct SnippetPiece: Hashable, Sendable, Codable {
    package let text: String
    package let isMatch: Bool

    package init(text: String, isMatch: Bool) {
        self.text = text
        self.isMatch = isMatch
    }
}
