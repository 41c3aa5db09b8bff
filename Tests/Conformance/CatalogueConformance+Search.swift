internal import Artefacts
internal import Foundation
internal import Linking
internal import Testing

/// What every catalogue promises of searches.
extension CatalogueConformance {
    static let searches: [Promise<Subject>] = [
        Promise("words are found in captions whatever their case and accents, the last by its beginning") { catalogue in
            let story = try await story(
                catalogue, captions: ["You drew the café by the Zoë river.", "The dog, and a drawing.", nil])
            let expected: [(String, [Int])] = [
                ("cafe", [0]), ("CAFÉ", [0]), ("zoe", [0]), ("dr", [1, 0]), ("the riv", [0]), ("riv the", []),
                ("river dog", []), ("dog", [1]), ("drawing dog", [1]), ("og", []), ("Zoë", [0]), ("elephant", []),
                ("r", []),
            ]

            for (text, hits) in expected {
                let page = try await catalogue.search(try story.query(text))
                #expect(page.items.map(\.item.entry.id) == hits.map { story.entries[$0] }, "\(text)")
            }
        },
        Promise("what a person types is words, never a command") { catalogue in
            let story = try await story(catalogue, captions: ["dog AND cat", "cat", "It’s a dog-house (blue)"])
            let expected: [(String, [Int])] = [
                ("dog AND cat", [0]), ("dog OR cat", []), ("NOT dog", []), ("cat*", [1, 0]), ("\"dog\"", [2, 0]),
                ("caption:cat", []), ("caption : cat", []), ("it's", [2]), ("dog-house", [2]), ("(blue", [2]),
                ("^cat", [1, 0]), ("NEAR(dog cat)", []), ("\"", []), ("cat\0", [1, 0]), ("{caption} : cat", []),
                ("dog\" OR \"cat", []),
            ]

            for (text, hits) in expected where text != "\"" {
                let page = try await catalogue.search(try story.query(text))
                #expect(page.items.map(\.item.entry.id) == hits.map { story.entries[$0] }, "\(text)")
            }
        },
        Promise("a search has nothing of another child, nothing hidden and nothing refused") { catalogue in
            let (amira, ben) = (child("Amira"), child("Ben"))
            for child in [amira, ben] { try await catalogue.add(child, journalling: event(.childAdded)) }
            let words = EntryWords(caption: "A dog.")
            let seen = link(UploadID(), to: amira.id, words: words)
            let others = [
                link(UploadID(), to: ben.id, words: words),
                link(UploadID(), to: amira.id, words: EntryWords(caption: "A dog.", visibility: .workers)),
                link(UploadID(), to: amira.id, state: .refused, words: words),
            ]
            for link in [seen] + others {
                try await catalogue.link(link, journalling: event(.artefactLinked))
                try await catalogue.index(text: "A dog was read here.", of: link.artefact.id)
            }

            let page = try await catalogue.search(
                SearchQuery(child: amira.id, visibilities: [.everyone, .child], words: try SearchWords(parsing: "dog")))
            let identifier = try await catalogue.search(
                SearchQuery(
                    child: amira.id, visibilities: Visibility.allCases,
                    words: try SearchWords(parsing: ben.id.description.filter { $0 != "-" })))

            #expect(page.items.map(\.item.entry.id) == [seen.entry.id])
            #expect(identifier.items.isEmpty)
        },
        Promise("what was read in an artefact is found while that is kept, and replaced when it is read again") {
            catalogue in
            let child = child("Amira")
            try await catalogue.add(child, journalling: event(.childAdded))
            let (kept, held) = (
                link(UploadID(), to: child.id, words: EntryWords(caption: "From grandma")),
                link(UploadID(), to: child.id, state: .inspecting, words: EntryWords(caption: "Another letter"))
            )
            for link in [kept, held] {
                try await catalogue.link(link, journalling: event(.artefactLinked))
                try await catalogue.index(text: "Dear child,\nthe garden is full of birds.", of: link.artefact.id)
            }
            let query = { (text: String) in
                SearchQuery(
                    child: child.id, visibilities: Visibility.allCases, words: try SearchWords(parsing: text))
            }

            let birds = try await catalogue.search(try query("birds"))
            let mixed = try await catalogue.search(try query("grandma garden"))
            let waiting = try await catalogue.search(try query("letter"))
            let waitingText = try await catalogue.search(try query("letter birds"))
            try await catalogue.settle(
                held.artefact.id, finding(.kept, at: 1_600_000_000), journalling: event(.artefactInspected))
            let settled = try await catalogue.search(try query("letter birds"))
            try await catalogue.index(text: "All about trains.", of: kept.artefact.id)
            let replaced = try await catalogue.search(try query("birds"))
            let trains = try await catalogue.search(try query("trains"))
            try await catalogue.index(text: "", of: kept.artefact.id)
            let emptied = try await catalogue.search(try query("trains"))

            #expect(birds.items.map(\.item.entry.id) == [kept.entry.id])
            #expect(birds.items.first?.snippet.filter(\.isMatch).map(\.text) == ["birds"])
            #expect(mixed.items.map(\.item.entry.id) == [kept.entry.id])
            #expect(waiting.items.map(\.item.entry.id) == [held.entry.id])
            #expect(waiting.items.first?.snippet.map(\.text).joined() == "Another letter")
            #expect(waitingText.items.isEmpty)
            #expect(settled.items.map(\.item.entry.id) == [held.entry.id])
            #expect(replaced.items.map(\.item.entry.id) == [held.entry.id])
            #expect(trains.items.count == 1)
            #expect(emptied.items.isEmpty)
        },
        Promise("a long text is found by its beginning alone, and a snippet of it is short plain text") { catalogue in
            let story = try await story(catalogue, captions: [nil])
            let artefact = try #require(try await catalogue.story(of: story.child).first).artefact.id
            let long =
                String(repeating: "é ", count: longestSearchedText / 6) + "<b>needle</b>\u{2}\u{7} & "
                + String(repeating: "é ", count: longestSearchedText) + "haystack"
            try await catalogue.index(text: long, of: artefact)

            let needle = try await catalogue.search(try story.query("needle"))
            let beyond = try await catalogue.search(try story.query("haystack"))
            let snippet = try #require(needle.items.first).snippet

            #expect(snippet.filter(\.isMatch).map(\.text) == ["needle"])
            #expect(snippet.map(\.text).joined().contains("<b>needle</b>   & é"))
            #expect(snippet.map(\.text).joined().count < 200)
            #expect(beyond.items.isEmpty)
        },
        Promise("what is found is read page by page, newest first, each entry once") { catalogue in
            let story = try await story(catalogue, captions: (0..<7).map { "dog \($0 % 2)" }, sameDay: 3)

            var found: [EntryID] = []
            var query = try story.query("dog")
            query.limit = 2
            repeat {
                let page = try await catalogue.search(query)
                found += page.items.map(\.item.entry.id)
                query.after = page.next
            } while query.after != nil
            let timeline = try await catalogue.story(of: story.child)

            #expect(found == timeline.map(\.entry.id))
            #expect(found.count == 7)
        },
    ]

    /// A child with an entry for each caption, one a day from the first on.
    private struct Story {
        let child: ChildID
        let entries: [EntryID]

        func query(_ text: String) throws -> SearchQuery {
            SearchQuery(child: child, visibilities: [.everyone], words: try SearchWords(parsing: text))
        }
    }

    private static func story(
        _ catalogue: any Catalogue, captions: [String?], sameDay: Int = 1
    ) async throws -> Story {
        let child = child("Amira")
        try await catalogue.add(child, journalling: event(.childAdded))
        let links = captions.enumerated().map { day, caption in
            link(
                UploadID(), to: child.id, words: EntryWords(caption: caption),
                at: Double(day / sameDay) * 86_400)
        }
        for link in links { try await catalogue.link(link, journalling: event(.artefactLinked)) }
        return Story(child: child.id, entries: links.map(\.entry.id))
    }
}
