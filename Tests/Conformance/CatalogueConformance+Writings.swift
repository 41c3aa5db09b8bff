internal import Artefacts
internal import Foundation
internal import Linking
internal import Testing

/// What every catalogue promises of what people write about entries.
extension CatalogueConformance {
    static let writings: [Promise<Subject>] = [
        Promise("an entry says what was written last, wherever it is read, and its history has all of it") {
            catalogue in
            let link = try await added(catalogue, words: EntryWords(caption: "You drew.", happenedAt: instant(50)))
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let id = link.entry.id
            // Answered once before, so that an answer that is kept would show.
            _ = try await catalogue.artefact(link.artefact.id)
            let second = [
                Writing(.caption, "You painted.", who: "worker-2", at: instant(100)),
                Writing(.transcript, "Look!", who: "worker-2", at: instant(100)),
                Writing(.altText, "A house.", who: "worker-2", at: instant(100)),
                Writing(.language, "en-GB", who: "worker-2", at: instant(100)),
                Writing(.happenedAt, "1970-01-01T00:01:00Z", who: "worker-2", at: instant(100)),
            ]
            let third = [
                Writing(.caption, nil, who: "worker-3", at: instant(200)),
                Writing(.happenedAt, nil, who: "worker-3", at: instant(200)),
            ]

            let corrected = try #require(try await catalogue.write(second, about: id)).entry
            let found = try await catalogue.artefact(link.artefact.id)
            let emptied = try #require(try await catalogue.write(third, about: id)).entry
            let listed = try await catalogue.timeline(
                TimelineQuery(child: link.entry.child, visibilities: [.everyone]))
            let history = try await catalogue.writings(about: id)

            #expect(
                corrected.words
                    == EntryWords(
                        caption: "You painted.", transcript: "Look!", altText: "A house.",
                        language: LanguageTag(parsing: "en-GB"), happenedAt: instant(60)))
            #expect(corrected.happened.at == instant(60))
            #expect(corrected.happened.source == .person)
            #expect(found?.entries == [corrected])
            #expect(emptied.words.caption == nil)
            #expect(emptied.words.transcript == "Look!")
            #expect(emptied.happened == link.artefact.finding.captured)
            #expect(listed.items.map(\.entry) == [emptied])
            #expect(try await catalogue.entry(id)?.entry == emptied)
            #expect(
                history == [
                    Writing(.caption, "You drew.", who: "worker-1", at: link.entry.createdAt),
                    Writing(.happenedAt, "1970-01-01T00:00:50Z", who: "worker-1", at: link.entry.createdAt),
                ] + second + third)
        },
        Promise("each field that is written anew is journalled without what it says, and has to be written down") {
            catalogue in
            let link = try await added(catalogue, words: EntryWords(caption: "You drew."))
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let (id, child) = (link.entry.id, link.entry.child)
            try await catalogue.written(try await catalogue.changedRecords(limit: 10))
            let same = [
                Writing(.caption, "You drew.", who: "worker-2", at: instant(100)),
                Writing(.altText, nil, who: "worker-2", at: instant(100)),
            ]
            let news = [
                Writing(.caption, "You painted.", who: "worker-2", at: instant(100)),
                Writing(.altText, "A house.", who: "worker-2", at: instant(100)),
            ]

            let unchanged = try await catalogue.write(same, about: id)
            let nothingNew = try await catalogue.changedRecords(limit: 10)
            try await catalogue.write(news, about: id)
            let changed = try await catalogue.changedRecords(limit: 10)
            let events = try await catalogue.journal(after: 2, limit: 10).map(\.event)

            #expect(unchanged?.entry == link.entry)
            #expect(nothingNew.isEmpty)
            #expect(changed.map(\.id) == ["\(link.artefact.id)"])
            #expect(
                events
                    == ["caption", "altText"].map {
                        JournalEvent(
                            at: instant(100), actor: "worker-2", act: .corrected, subject: "\(id)/\($0)", child: child)
                    })
        },
        Promise("nothing is written about an entry that is not there") { catalogue in
            let writing = Writing(.caption, "You drew.", who: "worker-1", at: instant(100))

            let written = try await catalogue.write([writing], about: EntryID())
            let found = try await catalogue.entry(EntryID())
            let history = try await catalogue.writings(about: EntryID())
            let journal = try await catalogue.journal(after: 0, limit: 10)

            #expect(written == nil)
            #expect(found == nil)
            #expect(history.isEmpty)
            #expect(journal.isEmpty)
        },
        Promise("what can be written about an entry is bounded, and what is too much changes nothing") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let id = link.entry.id
            let half = String(repeating: "é", count: (mostWritten / 2 - writingOverhead) / 2)
            let write = { (text: String?) in
                try await catalogue.write([Writing(.transcript, text, who: "w", at: instant(1))], about: id)
            }

            _ = try await write(half)
            _ = try await write("x" + half.dropLast())
            await #expect(throws: CatalogueError.tooMuchWritten(id)) { _ = try await write(nil) }

            #expect(try await catalogue.entry(id)?.entry.words.transcript?.first == "x")
            #expect(try await catalogue.writings(about: id).count == 2)
        },
        Promise("a date that a person corrected is not overwritten by what is found") { catalogue in
            let link = try await added(catalogue, state: .inspecting)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let writing = Writing(.happenedAt, "1970-01-01T00:01:00Z", who: "worker-2", at: instant(100))

            try await catalogue.write([writing], about: link.entry.id)
            try await catalogue.settle(
                link.artefact.id, finding(.kept, at: 1_700_000_000), journalling: event(.artefactInspected))

            #expect(try await catalogue.entry(link.entry.id)?.entry.happened.at == instant(60))
        },
        Promise("transcripts and descriptions are found as they are now, and named as what has the words") {
            catalogue in
            let link = try await added(catalogue)
            let held = Self.link(UploadID(), to: link.entry.child, state: .held)
            for link in [link, held] { try await catalogue.link(link, journalling: event(.artefactLinked)) }
            try await catalogue.index(text: "A garden was read here.", of: link.artefact.id)
            let write = { (field: Writing.Field, text: String?, entry: EntryID) in
                _ = try await catalogue.write([Writing(field, text, who: "w", at: instant(1))], about: entry)
            }
            let search = { (text: String) in
                try await catalogue.search(
                    SearchQuery(
                        child: link.entry.child, visibilities: Visibility.allCases,
                        words: try SearchWords(parsing: text))
                ).items
            }

            try await write(.transcript, "The dog barked in the park.", link.entry.id)
            try await write(.altText, "A house by the river.", link.entry.id)
            try await write(.caption, "You told me of the dog.", held.entry.id)
            try await write(.transcript, "It was a café.", held.entry.id)
            let (dog, river, mixed, cafe) = try await (
                search("dog park"), search("river"), search("garden house barked"), search("cafe")
            )
            try await write(.transcript, "The cat purred.", link.entry.id)
            try await write(.altText, nil, link.entry.id)
            try await catalogue.index(text: "A forest was read here.", of: link.artefact.id)
            let former = try await (search("barked"), search("river"), search("garden"))
            let (cat, forest) = try await (search("cat forest"), search("forest"))

            #expect(dog.map(\.item.entry.id) == [link.entry.id])
            #expect(dog.map(\.foundIn) == [.transcript])
            #expect(dog.first?.snippet.filter(\.isMatch).map(\.text) == ["dog", "park"])
            #expect(river.map(\.foundIn) == [.altText])
            #expect(mixed.map(\.foundIn) == [.text])
            #expect(cafe.map(\.item.entry.id) == [held.entry.id])
            #expect(former.0.isEmpty && former.1.isEmpty && former.2.isEmpty)
            #expect(cat.map(\.item.entry.id) == [link.entry.id])
            #expect(forest.map(\.foundIn) == [.text])
        },
    ]
}
