/// The page on which a person signs in.
struct SignInPage {
    let title = "Sign in"
    let signedIn = false
    let hasScripts = false
    /// The token of the link, to be sent back when the person agrees.
    let token: String?
    /// Whether a link was tried that is no longer good.
    let failed: Bool
}

/// The list of children.
struct ChildrenPage {
    struct Item {
        let href: String
        let name: String
        /// The first letter of the name.
        let initial: String
        let detail: String?
    }

    let title = "Children"
    let signedIn = true
    let hasScripts = false
    let query: String?
    let children: [Item]
    let next: String?
    /// Whether there is nothing to list, so that adding comes first.
    let isEmpty: Bool
}

/// A child's story.
struct TimelinePage {
    struct Choice {
        let value: String
        let label: String
        let selected: Bool
    }

    let title: String
    let signedIn = true
    let hasScripts = true
    let heading: String
    let child: String
    /// Where the form of the page is sent.
    let action: String
    /// Where the filters lead.
    let here: String
    let notice: String?
    let isWorker: Bool
    let isEmpty: Bool
    let orders: [Choice]
    let kinds: [Choice]
    let lenses: [Choice]
    let voices: [Choice]
    let items: [TimelinePageItem]
    let next: String?
}

/// What was found in a child's story.
struct SearchPage {
    let title: String
    let signedIn = true
    let hasScripts = false
    let heading: String
    /// Where the whole story is.
    let story: String
    /// What was looked for, as it was typed.
    let query: String
    /// Why nothing could be looked for.
    let notice: String?
    let items: [TimelinePageItem]
    let next: String?
}

/// One entry of a story.
struct TimelinePageItem {
    /// A piece of the text that was found, one of them.
    struct Piece {
        let match: String?
        let between: String?
    }

    /// A small picture that leads to a larger one.
    struct Picture {
        let source: String
        let href: String
        let alt: String
        /// Of ``alt``, where people wrote it and said so.
        let altLanguage: String?
        /// Whether it is the first page of a document.
        let isPage: Bool
        /// Pixels, so that the page does not jump when the picture comes.
        let width: Int?
        let height: Int?
    }

    /// What can be played.
    struct Recording {
        let source: String
        let label: String
        /// Of ``label``, where people wrote it and said so.
        let labelLanguage: String?
        /// What is seen before, or while, it is played.
        let picture: String?
        let preload: String
        let width: Int?
        let height: Int?
    }

    struct Download {
        let content: String
        let label: String
        let fileName: String
        let size: String
    }

    /// What a worker may decide about a file that is or was held.
    struct Decision {
        let action: String
        let label: String
        let hint: String
    }

    /// A transcript, folded up.
    struct Transcript {
        let label: String
        let text: String
    }

    /// The words as they are, to be written anew.
    struct Correction {
        let action: String
        /// By which it is known whether somebody else has written meanwhile.
        let former: String
        let caption: String?
        let altText: String?
        let transcript: String?
        let language: String?
    }

    struct Waiting {
        let text: String
        /// Whether it is worth looking again.
        let isPassing: Bool
    }

    let id: String
    let kind: String
    let kindLabel: String
    /// RFC 3339.
    let instant: String
    let when: String
    /// Whether nothing but the arrival is known.
    /// Where the date is only that of the file, whose date it is.
    let guess: String?
    let image: Picture?
    let video: Recording?
    let audio: Recording?
    let download: Download?
    /// Where the words in a document are.
    let text: String?
    /// Where it is told where it was made, to those who may know.
    let location: String?
    let waiting: Waiting?
    let decision: Decision?
    let caption: String?
    let transcript: Transcript?
    /// Of what people wrote.
    let language: String?
    let correction: Correction?
    let voice: String?
    let lensLabels: [String]
    /// Who sees it, where that is not everybody.
    let restricted: String?
    let fileName: String
    let size: String
    /// Where the original is, unless ``download`` leads there.
    let original: String?
    let duration: String?
    /// Where the words are that somebody looks for.
    let snippet: [Piece]
    let hasSnippet: Bool
    /// The class of the paragraph with the words.
    let snippetPlace: String
    /// Where that is, unless it is in the caption.
    let snippetLabel: String?
    /// Of the snippet, where people wrote it and said so.
    let snippetLanguage: String?
}

/// What a person is told when something went wrong.
struct ProblemPage {
    let title: String
    let hasScripts = false
    let detail: String
    let signedIn: Bool
}
