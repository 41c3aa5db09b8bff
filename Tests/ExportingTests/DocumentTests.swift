import Artefacts
import FoundationEssentials
import Linking
import Testing

@testable import Exporting

@Suite struct EventListTests {
    @Test func `an event says who did what to what, and when, without markup of theirs`() throws {
        let child = ChildID()
        let event = JournalEvent(
            at: try #require(Instant.parse("2026-07-01T08:30:00Z")), actor: "<b>&", act: .contentRead,
            subject: "it's", child: child)
        let digest = Digester.digest(of: [])

        let element = EventList.element(JournalRecord(sequence: 12, event: event, previous: digest, digest: digest))

        #expect(element.contains("<eventIdentifierValue>12</eventIdentifierValue>"))
        #expect(element.contains("<eventType>contentRead</eventType>"))
        #expect(element.contains("<eventDateTime>2026-07-01T08:30:00Z</eventDateTime>"))
        #expect(element.contains("<linkingAgentIdentifierValue>&lt;b&gt;&amp;</linkingAgentIdentifierValue>"))
        #expect(element.contains("<linkingObjectIdentifierType>artefact</linkingObjectIdentifierType>"))
        #expect(element.contains("<linkingObjectIdentifierValue>it&#39;s</linkingObjectIdentifierValue>"))
    }
}

@Suite struct StoryPageTests {
    private static let hostile = #""><script>alert('1')</script>"#

    @Test func `nothing that was said of an entry is markup`() {
        let words = EntryWords(caption: Self.hostile, transcript: Self.hostile, contributor: Self.hostile)
        var described = words
        described.altText = Self.hostile
        let page = page(item(words, kind: .drawing, "image/png", name: Self.hostile), absence: nil)
        let other = self.page(item(described, kind: .drawing, "image/png", name: Self.hostile), absence: nil)

        #expect(!(page + other).contains("<script"))
        #expect(page.contains(#"alt="&quot;&gt;&lt;script&gt;"#))
        #expect(page.contains("<title>&quot;&gt;&lt;script&gt;"))
    }

    @Test(arguments: [
        ("image/png", ArtefactKind.drawing, "<img "), ("video/mp4", .video, "<video "),
        ("audio/mp4", .audio, "<audio "),
        ("image/heic", .photo, "Download"), ("application/pdf", .document, "Download"),
    ])
    func `what browsers show is shown, and the rest can be downloaded`(
        _ type: String, _ kind: ArtefactKind, _ element: String
    ) throws {
        let item = item(EntryWords(), kind: kind, try #require(MediaType(parsing: type)), name: "x")
        let page = page(item, absence: nil)

        for other in ["<img ", "<video ", "<audio ", "Download"] { #expect(page.contains(other) == (other == element)) }
        #expect(page.contains("originals/1970-01-01-"))
    }

    @Test(arguments: [
        ("image/png", ArtefactKind.drawing, #"alt="To coch" lang="cy""#, "What is written in it"),
        ("audio/mp4", .audio, #"aria-label="To coch" lang="cy""#, "What is said in it"),
    ])
    func `what people wrote is there in its language, also on paper`(
        _ type: String, _ kind: ArtefactKind, _ label: String, _ heading: String
    ) throws {
        let words = EntryWords(
            caption: "Ein tŷ", transcript: "Mae'n\nbwrw glaw", altText: "To coch", language: LanguageTag(parsing: "cy"))
        let page = page(item(words, kind: kind, try #require(MediaType(parsing: type)), name: "x"), absence: nil)

        #expect(page.contains(label))
        #expect(page.contains(#"<p class="caption" dir="auto" lang="cy">Ein tŷ</p>"#))
        #expect(page.contains("<details class=\"transcript\" open><summary>\(heading)</summary>"))
        #expect(page.contains("<p dir=\"auto\" lang=\"cy\">Mae&#39;n\nbwrw glaw</p>"))
    }

    @Test func `what is held is not shown, and what is not in the bag is not linked`() {
        let held = page(item(EntryWords(), kind: .photo, "image/jpeg", name: "x", state: .held), absence: nil)
        let absent = page(item(EntryWords(), kind: .photo, "image/jpeg", name: "x"), absence: .damaged)

        #expect(!held.contains("<img "))
        #expect(held.contains("This file is held for a person to look at. Why."))
        #expect(held.contains("Download"))
        #expect(!absent.contains("originals/1970"))
        #expect(absent.contains("it is damaged in the store"))
    }

    private func page(_ item: TimelineItem, absence: Absence?) -> String {
        let child = Child(
            id: item.entry.child, preferredName: Self.hostile, externalIDs: [], dateOfBirth: nil, pronouns: nil,
            accessLevel: .standard, createdAt: .distantPast)
        return StoryPage(of: child, [Original(item, absence: absence)], savedAt: .distantPast).html
    }

    private func item(
        _ words: EntryWords, kind: ArtefactKind, _ type: MediaType, name: String, state: ArtefactState = .kept
    ) -> TimelineItem {
        let date = CaptureDate(
            at: Date(timeIntervalSince1970: 0), precision: .second, source: .received, confidence: .e, offset: 0)
        let finding = Finding(
            state: state, reasons: state == .held ? ["Why."] : [], mimeType: type, kind: kind, media: Media(),
            captured: date)
        let artefact = Artefact(
            id: ArtefactID(), digest: Digester.digest(of: []), size: 1, fileName: FileName(declared: name),
            declaredMimeType: nil, receivedAt: date.at, finding: finding)
        let entry = Entry(
            id: EntryID(), child: ChildID(), artefact: artefact.id, happened: date, words: words, createdAt: date.at)
        return TimelineItem(entry: entry, artefact: artefact)
    }
}
