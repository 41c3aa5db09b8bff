package import FoundationEssentials

/// One artefact on one child's timeline.
package struct Entry: Hashable, Sendable {
    package let id: EntryID
    package let child: ChildID
    package let artefact: ArtefactID
    /// When it happened, for the order of the story.
    package let happened: CaptureDate
    package let words: EntryWords
    package let createdAt: Date
    /// As what the person added it who did; `nil` of entries from before that was kept.
    package let addedAs: Principal.Role.Name?

    package init(
        id: EntryID, child: ChildID, artefact: ArtefactID, happened: CaptureDate, words: EntryWords,
        createdAt: Date, addedAs: Principal.Role.Name? = nil
    ) {
        self.id = id
        self.child = child
        self.artefact = artefact
        self.happened = happened
        self.words = words
        self.createdAt = createdAt
        self.addedAs = addedAs
    }
}

/// What people said about an entry: who added it, and who corrected that.
package struct EntryWords: Hashable, Sendable, Codable {
    /// Written to the child ("You drew …").
    package var caption: String?
    /// What is said in a recording, or stands in a picture, word for word.
    package var transcript: String?
    /// What a picture shows, for those who do not see it.
    package var altText: String?
    /// Of all these words.
    package var language: LanguageTag?
    /// When the person says it happened.
    package var happenedAt: Date?
    package var voice: Voice?
    package var lenses: [Lens]
    package var contributor: String?
    package var visit: String?
    package var visibility: Visibility

    package init(
        caption: String? = nil, transcript: String? = nil, altText: String? = nil, language: LanguageTag? = nil,
        happenedAt: Date? = nil, voice: Voice? = nil, lenses: [Lens] = [], contributor: String? = nil,
        visit: String? = nil, visibility: Visibility = .everyone
    ) {
        self.caption = caption
        self.transcript = transcript
        self.altText = altText
        self.language = language
        self.happenedAt = happenedAt
        self.voice = voice
        self.lenses = lenses
        self.contributor = contributor
        self.visit = visit
        self.visibility = visibility
    }

    /// The date that a person gave, which is above every date that was found.
    package var happened: CaptureDate? {
        happenedAt.map { CaptureDate(at: $0, precision: .second, source: .person, confidence: .a, offset: nil) }
    }

    /// Most UTF-8 bytes in one text of an entry.
    package static let maximumTextSize = 4096
    /// Most UTF-8 bytes in a transcript: an hour of speech.
    package static let maximumTranscriptSize = 64 << 10
}

/// Whose voice an entry carries.
package enum Voice: String, Sendable, Codable, CaseIterable {
    /// The child themself.
    case direct
    /// The child's views as told to a worker.
    case throughWorker
    /// Somebody else about the child.
    case about
}

/// The four questions that a child's story answers.
package enum Lens: String, Sendable, Codable, CaseIterable {
    /// What my life is like.
    case life
    /// What I do each day.
    case day
    /// How I feel.
    case feelings
    /// How I want things to change.
    case change
}

/// Who, of those who may see the child's story, sees one entry of it.
package enum Visibility: String, Sendable, Codable, CaseIterable {
    /// Everybody who may see the story.
    case everyone
    /// The child and their workers; no other system.
    case child
    /// Workers and their systems; not, or not yet, the child.
    case workers
}
