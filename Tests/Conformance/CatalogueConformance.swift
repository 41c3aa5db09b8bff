internal import Artefacts
internal import Foundation
package import Linking
internal import Testing

/// What every catalogue promises.
package enum CatalogueConformance {
    package typealias Subject = any Catalogue

    package static let promises: [Promise<Subject>] =
        children + artefacts + timelines + writings + searches + derivatives + jobs + credentials + fixity + garbage
        + records
        + journal

    private static let children: [Promise<Subject>] = [
        Promise("a child is found as it was added") { catalogue in
            let child = child("Amira", external: [ExternalID(system: "mosaic", value: "1")])
            try await catalogue.add(child, journalling: event(.childAdded))

            let found = try await catalogue.child(child.id)
            let stranger = try await catalogue.child(ChildID())

            #expect(found == child)
            #expect(stranger == nil)
        },
        Promise("an external id belongs to one child, and nothing of a second one is added") { catalogue in
            let external = ExternalID(system: "mosaic", value: "1")
            try await catalogue.add(child("Amira", external: [external]), journalling: event(.childAdded))
            let second = child("Ben", external: [ExternalID(system: "mosaic", value: "2"), external])

            await #expect(throws: CatalogueError.externalIDTaken(external)) {
                try await catalogue.add(second, journalling: event(.childAdded))
            }
            let found = try await catalogue.child(second.id)
            let journal = try await catalogue.journal(after: 0, limit: 10)

            #expect(found == nil)
            #expect(journal.count == 1)
        },
        Promise("children are listed by name without case, page by page, each once") { catalogue in
            for name in ["émile", "Zoe", "amira", "Ben", "BEA"] {
                try await catalogue.add(child(name), journalling: event(.childAdded))
            }

            var names: [String] = []
            var cursor: ChildrenCursor?
            repeat {
                let page = try await catalogue.children(ChildrenQuery(after: cursor, limit: 2))
                names += page.items.map(\.preferredName)
                cursor = page.next
            } while cursor != nil

            #expect(names == ["amira", "BEA", "Ben", "Zoe", "émile"])
        },
        Promise("children are found by a part of the name, and by external id") { catalogue in
            let amira = child("Amira", external: [ExternalID(system: "upn", value: "A1")])
            try await catalogue.add(amira, journalling: event(.childAdded))
            try await catalogue.add(child("100%_Ben"), journalling: event(.childAdded))

            let byName = try await catalogue.children(ChildrenQuery(nameContains: "MIR"))
            let byWildcard = try await catalogue.children(ChildrenQuery(nameContains: "%_"))
            let byID = try await catalogue.children(ChildrenQuery(externalID: ExternalID(system: "upn", value: "A1")))
            let byOther = try await catalogue.children(
                ChildrenQuery(externalID: ExternalID(system: "nhs", value: "A1")))

            #expect(byName.items == [amira])
            #expect(byWildcard.items.map(\.preferredName) == ["100%_Ben"])
            #expect(byID.items == [amira])
            #expect(byOther.items.isEmpty)
        },
    ]

    private static let artefacts: [Promise<Subject>] = [
        Promise("what was linked is found, by artefact and by upload") { catalogue in
            let link = try await added(catalogue)

            let linked = try await catalogue.link(link, journalling: event(.artefactLinked))
            let found = try await catalogue.artefact(link.artefact.id)
            let outcome = try await catalogue.outcome(of: link.upload)

            #expect(linked == Linked(artefact: link.artefact, entries: [link.entry]))
            #expect(found == linked)
            #expect(outcome == .linked(linked))
        },
        Promise("what was linked is answered as it is found later, also what came between two milliseconds") {
            catalogue in
            let whole = try await added(catalogue)
            let words = EntryWords(caption: "You drew it.", happenedAt: instant(1_650_000_000.0004))
            let between = link(UploadID(), to: whole.entry.child, words: words, at: 1_650_000_000.0007)

            for link in [whole, between] {
                let linked = try await catalogue.link(link, journalling: event(.artefactLinked))
                let found = try await catalogue.artefact(link.artefact.id)
                #expect(linked == found)
            }
        },
        Promise("linking an upload twice makes one artefact, one entry and one record") { catalogue in
            let link = try await added(catalogue)
            let again = Self.link(link.upload, to: link.entry.child)
            let first = try await catalogue.link(link, journalling: event(.artefactLinked))

            let second = try await catalogue.link(again, journalling: event(.artefactLinked))
            let journal = try await catalogue.journal(after: 0, limit: 10)

            #expect(second == first)
            #expect(journal.filter { $0.event.act == .artefactLinked }.count == 1)
        },
        Promise("many tasks link the same upload at once, and one artefact comes of it") { catalogue in
            let link = try await added(catalogue)

            let identifiers = try await withThrowingTaskGroup(of: ArtefactID.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await catalogue.link(
                            Self.link(link.upload, to: link.entry.child), journalling: event(.artefactLinked)
                        ).artefact.id
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }

            #expect(identifiers.count == 1)
        },
        Promise("two uploads of the same bytes are two artefacts") { catalogue in
            let child = child("Amira")
            try await catalogue.add(child, journalling: event(.childAdded))

            let first = try await catalogue.link(link(UploadID(), to: child.id), journalling: event(.artefactLinked))
            let second = try await catalogue.link(link(UploadID(), to: child.id), journalling: event(.artefactLinked))

            #expect(first.artefact.id != second.artefact.id)
            #expect(first.artefact.digest == second.artefact.digest)
        },
        Promise("nothing is linked to a child that is not there") { catalogue in
            let child = ChildID()
            let link = link(UploadID(), to: child)

            await #expect(throws: CatalogueError.noSuchChild(child)) {
                try await catalogue.link(link, journalling: event(.artefactLinked))
            }
            let found = try await catalogue.artefact(link.artefact.id)
            let journal = try await catalogue.journal(after: 0, limit: 10)

            #expect(found == nil)
            #expect(journal.isEmpty)
        },
        Promise("a finding settles what is inspected, dates its entry, and is not overwritten") { catalogue in
            let link = try await added(catalogue, state: .inspecting)
            _ = try await catalogue.link(link, journalling: event(.artefactLinked))
            let (kept, held) = (finding(.kept, at: 1_700_000_000), finding(.held, at: 1_600_000_000))

            let waiting = try await catalogue.jobs(limit: 10)
            try await catalogue.settle(link.artefact.id, kept, journalling: event(.artefactInspected))
            try await catalogue.settle(link.artefact.id, held, journalling: event(.artefactInspected))
            let found = try #require(try await catalogue.artefact(link.artefact.id))
            let left = try await catalogue.jobs(limit: 10)

            #expect(waiting.map(\.task) == [.inspect])
            #expect(found.artefact.finding == kept)
            #expect(found.entries.first?.happened == kept.captured)
            #expect(left.map(\.task) == [.derive])
        },
        Promise("a finding that decides nothing says more of what is inspected, and leaves it to be inspected") {
            catalogue in
            let link = try await added(catalogue, state: .inspecting)
            _ = try await catalogue.link(link, journalling: event(.artefactLinked))
            let undecided = finding(.inspecting, at: 1_700_000_000)

            try await catalogue.settle(link.artefact.id, undecided, journalling: event(.artefactInspected))
            let found = try #require(try await catalogue.artefact(link.artefact.id))
            let left = try await catalogue.jobs(limit: 10)

            #expect(found.artefact.finding == undecided)
            #expect(left.map(\.task) == [.inspect])
        },
        Promise("a person lets a held artefact be seen, and holds it again; nothing else can be decided") { catalogue in
            let link = try await added(catalogue, state: .held)
            let kept = Self.link(UploadID(), to: link.entry.child, bytes: "other bytes")
            for link in [link, kept] { try await catalogue.link(link, journalling: event(.artefactLinked)) }

            let nothing = try await catalogue.decide(kept.artefact.id, .held, journalling: event(.artefactHeld))
            let released = try await catalogue.decide(
                link.artefact.id, .kept, journalling: event(.artefactReleased))
            let again = try await catalogue.decide(link.artefact.id, .kept, journalling: event(.artefactReleased))
            let seen = try #require(try await catalogue.artefact(link.artefact.id)).artefact
            let jobs = try await catalogue.jobs(limit: 10).filter { $0.artefact == link.artefact.id }
            let held = try await catalogue.decide(link.artefact.id, .held, journalling: event(.artefactHeld))
            let hidden = try #require(try await catalogue.artefact(link.artefact.id)).artefact
            let acts = try await catalogue.journal(after: 0, limit: 100).map(\.event.act)

            #expect([nothing, released, again, held] == [false, true, false, true])
            #expect(seen.finding.state == .kept)
            #expect(seen.finding.reasons == link.artefact.finding.reasons)
            #expect(seen.finding.presentation == .download)
            #expect(jobs.map(\.task) == [.derive])
            #expect(hidden.finding.state == .held)
            #expect(acts.suffix(2) == [.artefactReleased, .artefactHeld])
        },
        Promise("a finding does not overwrite the date that a person gave") { catalogue in
            let stated = Date(timeIntervalSince1970: 1_500_000_000)
            let link = try await added(catalogue, state: .inspecting, words: EntryWords(happenedAt: stated))
            _ = try await catalogue.link(link, journalling: event(.artefactLinked))

            try await catalogue.settle(
                link.artefact.id, finding(.kept, at: 1_700_000_000), journalling: event(.artefactInspected))
            let found = try await catalogue.artefact(link.artefact.id)

            #expect(found?.entries.first?.happened == link.entry.happened)
        },
        Promise("a refusal is remembered once") { catalogue in
            let child = child("Amira")
            try await catalogue.add(child, journalling: event(.childAdded))
            let refusal = Refusal(
                upload: UploadID(), child: child.id, digest: Digester.digest(of: "x".utf8), size: 1,
                fileName: FileName(declared: "x.exe"), reason: "A program.",
                at: Date(timeIntervalSince1970: 1_700_000_000))

            try await catalogue.refuse(refusal, journalling: event(.artefactRefused))
            try await catalogue.refuse(refusal, journalling: event(.artefactRefused))
            let outcome = try await catalogue.outcome(of: refusal.upload)
            let journal = try await catalogue.journal(after: 0, limit: 10)

            #expect(outcome == .refused(refusal))
            #expect(journal.filter { $0.event.act == .artefactRefused }.count == 1)
        },
    ]

    private static let timelines: [Promise<Subject>] = [
        Promise("a timeline is read newest or oldest first, page by page, each entry once") { catalogue in
            let child = child("Amira")
            try await catalogue.add(child, journalling: event(.childAdded))
            // Several happen at the same instant: the cursor must not lose those.
            for day in [3, 1, 2, 2, 2, 5, 4] {
                try await catalogue.link(
                    link(UploadID(), to: child.id, state: .kept, at: Double(day) * 86_400),
                    journalling: event(.artefactLinked))
            }

            for order in TimelineQuery.Order.allCases {
                var days: [Int] = []
                var seen: Set<EntryID> = []
                var query = TimelineQuery(child: child.id, visibilities: Visibility.allCases)
                query.order = order
                query.limit = 2
                repeat {
                    let page = try await catalogue.timeline(query)
                    days += page.items.map { Int($0.entry.happened.at.timeIntervalSince1970 / 86_400) }
                    seen.formUnion(page.items.map(\.entry.id))
                    query.after = page.next
                } while query.after != nil
                #expect(days == (order == .oldest ? [1, 2, 2, 2, 3, 4, 5] : [5, 4, 3, 2, 2, 2, 1]))
                #expect(seen.count == 7)
            }
        },
        Promise("a timeline has nothing of another child, nothing hidden and nothing refused") { catalogue in
            let (amira, ben) = (child("Amira"), child("Ben"))
            for child in [amira, ben] { try await catalogue.add(child, journalling: event(.childAdded)) }
            let seen = link(UploadID(), to: amira.id)
            let others = [
                link(UploadID(), to: ben.id),
                link(UploadID(), to: amira.id, words: EntryWords(visibility: .workers)),
                link(UploadID(), to: amira.id, state: .refused),
            ]
            for link in [seen] + others { try await catalogue.link(link, journalling: event(.artefactLinked)) }

            let page = try await catalogue.timeline(
                TimelineQuery(child: amira.id, visibilities: [.everyone, .child]))

            #expect(page.items.map(\.entry.id) == [seen.entry.id])
        },
        Promise("a story is every entry of the child, newest first, whoever may see it") { catalogue in
            let (amira, ben) = (child("Amira"), child("Ben"))
            for child in [amira, ben] { try await catalogue.add(child, journalling: event(.childAdded)) }
            let own = Visibility.allCases.enumerated().map { day, visibility in
                link(
                    UploadID(), to: amira.id, state: day == 0 ? .held : .kept,
                    words: EntryWords(visibility: visibility), at: Double(day) * 86_400)
            }
            let others = [link(UploadID(), to: ben.id), link(UploadID(), to: amira.id, state: .refused)]
            for link in own + others { try await catalogue.link(link, journalling: event(.artefactLinked)) }

            let story = try await catalogue.story(of: amira.id)
            let none = try await catalogue.story(of: ChildID())

            #expect(story == own.reversed().map { TimelineItem(entry: $0.entry, artefact: $0.artefact) })
            #expect(none.isEmpty)
        },
        Promise("a story is longer than any page of a timeline") { catalogue in
            let child = child("Amira")
            try await catalogue.add(child, journalling: event(.childAdded))
            for day in 0..<450 {
                try await catalogue.link(
                    link(UploadID(), to: child.id, at: Double(day / 2) * 86_400), journalling: event(.artefactLinked))
            }

            let story = try await catalogue.story(of: child.id)

            #expect(Set(story.map(\.entry.id)).count == 450)
        },
        Promise("a timeline is filtered by lens, voice, kind, contributor, visit and time") { catalogue in
            let child = child("Amira")
            try await catalogue.add(child, journalling: event(.childAdded))
            let words = EntryWords(
                voice: .direct, lenses: [.life, .feelings], contributor: "Amira", visit: "v1", visibility: .everyone)
            let wanted = link(UploadID(), to: child.id, state: .kept, words: words, at: 1000)
            let other = link(UploadID(), to: child.id, state: .kept, words: EntryWords(lenses: [.day]), at: 2000)
            for link in [wanted, other] { try await catalogue.link(link, journalling: event(.artefactLinked)) }

            let filters: [@Sendable (inout TimelineQuery) -> Void] = [
                { $0.lens = .feelings }, { $0.voice = .direct }, { $0.contributor = "Amira" }, { $0.visit = "v1" },
                { $0.to = Date(timeIntervalSince1970: 2000) },
                {
                    $0.from = Date(timeIntervalSince1970: 1000)
                    $0.to = Date(timeIntervalSince1970: 1001)
                },
            ]
            for filter in filters {
                var query = TimelineQuery(child: child.id, visibilities: [.everyone])
                filter(&query)
                let page = try await catalogue.timeline(query)
                #expect(page.items.map(\.entry.id) == [wanted.entry.id])
            }
            var query = TimelineQuery(child: child.id, visibilities: [.everyone])
            query.kind = .video
            let videos = try await catalogue.timeline(query)
            #expect(videos.items.isEmpty)
        },
    ]

    private static let credentials: [Promise<Subject>] = [
        Promise("a credential is found by its secret and use until it ends") { catalogue in
            let credential = credential(.api)
            let before = try await catalogue.hasCredentials()
            try await catalogue.add(credential, journalling: event(.tokenCreated))

            let found = try await catalogue.credential(credential.secret, use: .api, at: instant(1))
            let other = try await catalogue.credential(credential.secret, use: .session, at: instant(1))
            let expired = try await catalogue.credential(credential.secret, use: .api, at: instant(100))
            try await catalogue.revoke(credential.secret, journalling: event(.signedOut))
            let revoked = try await catalogue.credential(credential.secret, use: .api, at: instant(1))
            let after = try await catalogue.hasCredentials()

            #expect(!before)
            #expect(found == credential)
            #expect(other == nil)
            #expect(expired == nil)
            #expect(revoked == nil)
            #expect(after)
        },
        Promise("a sign-in is exchanged for a session once, also when two try at once") { catalogue in
            let link = credential(.signIn)
            try await catalogue.add(link, journalling: event(.tokenCreated))

            let sessions = try await withThrowingTaskGroup(of: Credential?.self) { group in
                for _ in 0..<8 {
                    let session = credential(.session)
                    group.addTask {
                        try await catalogue.exchange(
                            signIn: link.secret, for: session, at: instant(1), journalling: event(.signedIn))
                    }
                }
                var sessions: [Credential] = []
                for try await session in group { if let session { sessions.append(session) } }
                return sessions
            }
            let session = try #require(sessions.first)
            let found = try await catalogue.credential(session.secret, use: .session, at: instant(1))

            #expect(sessions.count == 1)
            #expect(found == session)
        },
        Promise("an expired sign-in is worth nothing") { catalogue in
            let link = credential(.signIn)
            try await catalogue.add(link, journalling: event(.tokenCreated))

            let session = try await catalogue.exchange(
                signIn: link.secret, for: credential(.session), at: instant(100), journalling: event(.signedIn))

            #expect(session == nil)
        },
    ]

    private static let fixity: [Promise<Subject>] = [
        Promise("blobs are verified in turn: never first, then longest ago") { catalogue in
            var links: [Link] = []
            for bytes in ["one", "two", "three"] { links.append(try await added(catalogue, bytes: bytes)) }
            for link in links { try await catalogue.link(link, journalling: event(.artefactLinked)) }
            let digests = links.map(\.artefact.digest)
            let (then, later) = (Date(timeIntervalSince1970: 1_000_000), Date(timeIntervalSince1970: 2_000_000))
            try await catalogue.record(fixity: [
                Verification(digest: digests[0], at: later, damage: nil),
                Verification(digest: digests[1], at: then, damage: nil),
            ])

            let all = try await catalogue.blobs(notVerifiedSince: later.addingTimeInterval(1), limit: 10)
            let due = try await catalogue.blobs(notVerifiedSince: later, limit: 10)
            let summary = try await catalogue.fixity()

            #expect(all.map(\.digest) == [digests[2], digests[1], digests[0]])
            #expect(due.map(\.digest) == [digests[2], digests[1]])
            #expect(all.map(\.size) == [links[2], links[1], links[0]].map(\.artefact.size))
            #expect(summary.blobs == 3)
            #expect(summary.bytes == links.map(\.artefact.size).reduce(0, +))
            #expect(summary.oldestVerification == nil)
        },
        Promise("all blobs are listed in the order of their digests, page by page, each once") { catalogue in
            var digests: [Digest] = []
            for bytes in ["one", "two", "three", "two"] {
                let link = try await added(catalogue, bytes: bytes)
                try await catalogue.link(link, journalling: event(.artefactLinked))
                digests.append(link.artefact.digest)
            }

            var listed: [Digest] = []
            while true {
                let page = try await catalogue.storedBlobs(after: listed.last, limit: 2)
                if page.isEmpty { break }
                listed += page.map(\.digest)
            }

            #expect(listed == Set(digests).sorted { $0.hex < $1.hex })
        },
        Promise("damage is marked on the artefact and journalled once, and so is healing") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let digest = link.artefact.digest
            let at = Date(timeIntervalSince1970: 1_000_000)

            for _ in 1...2 {
                try await catalogue.record(fixity: [Verification(digest: digest, at: at, damage: "segment 3")])
            }
            let marked = try await catalogue.artefact(link.artefact.id)
            let damaged = try await catalogue.damagedBlobs(limit: 10)
            let summary = try await catalogue.fixity()
            for _ in 1...2 { try await catalogue.record(fixity: [Verification(digest: digest, at: at, damage: nil)]) }
            let healed = try await catalogue.artefact(link.artefact.id)
            let acts = try await catalogue.journal(after: 0, limit: 100).filter { $0.event.subject == "\(digest)" }

            #expect(marked?.artefact.isDamaged == true)
            #expect(damaged == [StoredBlob(digest: digest, size: link.artefact.size, damage: "segment 3")])
            #expect(summary.damaged == 1)
            #expect(healed?.artefact.isDamaged == false)
            #expect(try await catalogue.damagedBlobs(limit: 10).isEmpty)
            #expect(acts.map(\.event.act) == [.blobDamaged, .blobHealed])
        },
        Promise("when the same bytes are stored again, the blob is whole again") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let digest = link.artefact.digest
            try await catalogue.record(fixity: [Verification(digest: digest, at: Date(), damage: "gone")])
            let again = try await added(catalogue)

            try await catalogue.link(again, journalling: event(.artefactLinked))

            #expect(try await catalogue.artefact(link.artefact.id)?.artefact.isDamaged == false)
        },
        Promise("what is found of a blob that the index does not know changes nothing") { catalogue in
            try await catalogue.record(fixity: [
                Verification(digest: Digester.digest(of: "x".utf8), at: Date(), damage: "gone")
            ])

            #expect(try await catalogue.fixity().blobs == 0)
            #expect(try await catalogue.journal(after: 0, limit: 10).isEmpty)
        },
        Promise("a run that did not come to its end goes on, and one that did does not") { catalogue in
            let (first, later) = (Date(timeIntervalSince1970: 1_000_000), Date(timeIntervalSince1970: 2_000_000))

            let begun = try await catalogue.fixityRun(at: first, anew: false)
            let continued = try await catalogue.fixityRun(at: later, anew: false)
            let anew = try await catalogue.fixityRun(at: later, anew: true)
            for _ in 1...2 { try await catalogue.finish(anew, journalling: event(.blobsVerified)) }
            let next = try await catalogue.fixityRun(at: later.addingTimeInterval(1), anew: false)

            #expect(begun == FixityRun(startedAt: first, isContinued: false, remaining: 0))
            #expect(continued == FixityRun(startedAt: first, isContinued: true, remaining: 0))
            #expect(anew == FixityRun(startedAt: later, isContinued: false, remaining: 0))
            #expect(!next.isContinued)
            #expect(try await catalogue.journal(after: 0, limit: 10).count == 1)
        },
    ]

    private static let derivatives: [Promise<Subject>] = [
        Promise("what was made is with the artefact, and making it again replaces it") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let id = link.artefact.id
            let (first, second) = (derivative(.poster, "first"), derivative(.poster, "second"))

            try await catalogue.keep(made(first), of: id, journalling: event(.artefactDerived))
            try await catalogue.keep(made(derivative(.preview)), of: id, journalling: event(.artefactDerived))
            let before = try await catalogue.artefact(id)?.artefact.derivatives
            try await catalogue.keep(made(second, at: 8), of: id, journalling: event(.artefactDerived))
            let after = try await catalogue.artefact(id)?.artefact.derivatives
            let outcomes = try await catalogue.outcomes(of: id)
            let timeline = try await catalogue.timeline(
                TimelineQuery(child: link.entry.child, visibilities: Visibility.allCases))
            let acts = try await catalogue.journal(after: 0, limit: 10).map(\.event.act)

            #expect(before?.made == [first, derivative(.preview)])
            #expect(after?.made == [second, derivative(.preview)])
            #expect(after?[.poster] == second)
            #expect(outcomes == [made(second, at: 8), made(derivative(.preview))])
            #expect(timeline.items.map(\.artefact.derivatives) == [after])
            #expect(acts.filter { $0 == .artefactDerived }.count == 3)
        },
        Promise("what could not be made is remembered, and takes nothing away that was made before") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let id = link.artefact.id
            let text = DerivativeOutcome(
                .failed(DerivativeFailure(kind: .text, reason: "no text")), at: instant(7), tools: ["tool": "1"])
            let poster = DerivativeOutcome(
                .failed(DerivativeFailure(kind: .poster, reason: "too large")), at: instant(9))
            try await catalogue.keep(made(derivative(.poster)), of: id, journalling: event(.artefactDerived))

            for outcome in [text, poster] {
                try await catalogue.keep(outcome, of: id, journalling: event(.artefactNotDerived))
            }
            let derivatives = try await catalogue.artefact(id)?.artefact.derivatives
            let outcomes = try await catalogue.outcomes(of: id)
            let acts = try await catalogue.journal(after: 0, limit: 10).map(\.event.act)
            try await catalogue.keep(made(derivative(.text)), of: id, journalling: event(.artefactDerived))

            #expect(derivatives?.made == [derivative(.poster)])
            #expect(derivatives?.failed == [DerivativeFailure(kind: .text, reason: "no text")])
            #expect(outcomes == [made(derivative(.poster)), text])
            #expect(acts.filter { $0 == .artefactNotDerived }.count == 1)
            #expect(try await catalogue.artefact(id)?.artefact.derivatives.failed.isEmpty == true)
        },
        Promise("the blob of a derivative is verified, backed up and not forgotten until it is replaced") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let (first, second) = (derivative(.poster, "first"), derivative(.poster, "second"))
            try await catalogue.keep(made(first), of: link.artefact.id, journalling: event(.artefactDerived))

            let stored = try await catalogue.storedBlobs(after: nil, limit: 10)
            let isForgotten = try await catalogue.forget(blob: first.digest, journalling: event(.garbageCollected))
            try await catalogue.setAside([StoredBlob(digest: second.digest, size: second.size)])
            try await catalogue.keep(made(second), of: link.artefact.id, journalling: event(.artefactDerived))
            let referenced = try await catalogue.referenced(among: [first.digest, second.digest])
            let isForgottenThen = try await catalogue.forget(blob: first.digest, journalling: event(.garbageCollected))

            #expect(Set(stored.map(\.digest)) == [link.artefact.digest, first.digest])
            #expect(!isForgotten)
            #expect(try await catalogue.unplacedBlobs().isEmpty)
            #expect(referenced == [second.digest])
            #expect(isForgottenThen)
        },
        Promise("a damaged derivative is not given out, and made again") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let id = link.artefact.id
            try await catalogue.keep(made(derivative(.poster)), of: id, journalling: event(.artefactDerived))
            try await catalogue.end(try #require(try await catalogue.takeJob(.derive, at: soon)), .done(tools: [:]))

            try await catalogue.record(fixity: [
                Verification(digest: derivative(.poster).digest, at: instant(1_700_000_500), damage: "segment 3")
            ])
            let damaged = try await catalogue.artefact(id)
            try await catalogue.keep(made(derivative(.poster)), of: id, journalling: event(.artefactDerived))
            let again = try await catalogue.artefact(id)

            #expect(damaged?.artefact.derivatives == Derivatives(isPending: true))
            #expect(damaged?.artefact.isDamaged == false)
            #expect(again?.artefact.derivatives.made == [derivative(.poster)])
        },
    ]

    private static let jobs: [Promise<Subject>] = [
        Promise("a link asks for what is to be done, and what was settled for the next") { catalogue in
            let kept = try await added(catalogue)
            let inspecting = try await added(catalogue, state: .inspecting)
            let held = try await added(catalogue, state: .held)
            for link in [kept, inspecting, held] {
                try await catalogue.link(link, journalling: event(.artefactLinked))
                try await catalogue.link(link, journalling: event(.artefactLinked))
            }
            let before = try await catalogue.jobs(limit: 10)
            let pending = try await catalogue.artefact(inspecting.artefact.id)?.artefact.derivatives.isPending
            try await catalogue.settle(
                inspecting.artefact.id, finding(.kept, at: 5), journalling: event(.artefactInspected))
            let after = try await catalogue.jobs(limit: 10)

            #expect(before.map(\.task) == [.inspect, .derive])
            #expect(before.map(\.artefact) == [inspecting, kept].map(\.artefact.id))
            #expect(pending == false)
            #expect(after.map(\.task) == [.derive, .derive])
            #expect(try await catalogue.artefact(inspecting.artefact.id)?.artefact.derivatives.isPending == true)
        },
        Promise("jobs are taken in their order, each by one, and those that somebody waits for first") { catalogue in
            var links: [Link] = []
            for _ in 0..<3 { links.append(try await added(catalogue)) }
            for link in links { try await catalogue.link(link, journalling: event(.artefactLinked)) }
            let first = try #require(try await catalogue.takeJob(.derive, at: soon))
            try await catalogue.end(first, .done(tools: [:]))
            let asked = try await catalogue.deriveAgain([links[0].artefact.id, ArtefactID()], at: instant(5))
            var order: [ArtefactID?] = []
            for _ in 0..<4 { order.append(try await catalogue.takeJob(.derive, at: soon)?.artefact) }

            #expect(first.artefact == links[0].artefact.id)
            #expect(first.attempts == 1)
            #expect(first.state == .running(soon))
            #expect(asked == 1)
            #expect(order == [1, 2, 0].map { links[$0].artefact.id } + [nil])
            #expect(try await catalogue.takeJob(.inspect, at: soon) == nil)
        },
        Promise("a job that gives way is not taken before it was due for so long") { catalogue in
            try await catalogue.link(try await added(catalogue), journalling: event(.artefactLinked))
            let job = try #require(try await catalogue.jobs(limit: 1).first)

            let early = try await catalogue.takeJob(
                .derive, at: soon, dueSince: job.createdAt.addingTimeInterval(-0.001))
            let late = try await catalogue.takeJob(.derive, at: soon, dueSince: job.createdAt)

            #expect(early == nil)
            #expect(late?.state == .running(soon))
        },
        Promise("when many take jobs at once, each is taken once") { catalogue in
            for _ in 0..<5 { try await catalogue.link(try await added(catalogue), journalling: event(.artefactLinked)) }

            let taken = try await withThrowingTaskGroup(of: Job?.self) { group in
                for _ in 0..<12 { group.addTask { try await catalogue.takeJob(.derive, at: soon) } }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap(\.self)
            }

            #expect(taken.count == 5)
            #expect(Set(taken.map(\.artefact)).count == 5)
        },
        Promise("a job waits until it is due, is counted, fails, and is put back by a person") { catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let later = soon.addingTimeInterval(60)

            let first = try #require(try await catalogue.takeJob(.derive, at: soon))
            try await catalogue.end(first, .postponed(until: later, problem: "stopped"))
            let early = try await catalogue.takeJob(.derive, at: later.addingTimeInterval(-1))
            let second = try #require(try await catalogue.takeJob(.derive, at: later))
            try await catalogue.end(second, .released(until: later, problem: nil))
            let third = try #require(try await catalogue.takeJob(.derive, at: later))
            try await catalogue.end(third, .failed(at: later, problem: "stopped"))
            let failed = try await catalogue.jobs(limit: 10)
            let pending = try await catalogue.artefact(link.artefact.id)?.artefact.derivatives.isPending
            let counts = try await catalogue.jobCounts()
            let other = try await catalogue.retryJobs(of: ArtefactID(), at: later)
            let retried = try await catalogue.retryJobs(of: nil, at: later)

            #expect(early == nil)
            #expect(second.attempts == 2)
            #expect(second.problem == "stopped")
            #expect(third.attempts == 2)
            #expect(failed.map(\.state) == [.failed(later)])
            #expect(pending == false)
            #expect(
                counts == [
                    JobCounts(task: .inspect, waiting: 0, running: 0, failed: 0, oldest: nil),
                    JobCounts(task: .derive, waiting: 0, running: 0, failed: 1, oldest: nil),
                    JobCounts(task: .convert, waiting: 0, running: 0, failed: 0, oldest: nil),
                ])
            #expect((other, retried) == (0, 1))
            #expect(try await catalogue.takeJob(.derive, at: later)?.attempts == 1)
        },
        Promise("what ran when the daemon ended goes on, counted as begun") { catalogue in
            let link = try await added(catalogue, state: .inspecting)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let running = try #require(try await catalogue.takeJob(.inspect, at: soon))
            let counts = try await catalogue.jobCounts().first

            #expect(counts == JobCounts(task: .inspect, waiting: 0, running: 1, failed: 0, oldest: running.createdAt))
            #expect(try await catalogue.takeJob(.inspect, at: soon) == nil)
            #expect(try await catalogue.resumeJobs { _ in soon } == 1)
            let again = try await catalogue.takeJob(.inspect, at: soon)
            #expect((again?.attempts, again?.stops) == (2, 1))
        },
        Promise("what ran when the daemon ended waits as long as it was stopped often, behind what waits already") {
            catalogue in
            let links = [try await added(catalogue), try await added(catalogue)]
            for link in links { try await catalogue.link(link, journalling: event(.artefactLinked)) }
            for stops in 1...2 {
                let taken = try await catalogue.takeJob(.derive, at: soon.addingTimeInterval(60))
                #expect(taken?.artefact == links[stops - 1].artefact.id)
                #expect(try await catalogue.resumeJobs { soon.addingTimeInterval(Double($0)) } == 1)
            }

            let early = try await catalogue.takeJob(.derive, at: soon)
            let first = try #require(try await catalogue.takeJob(.derive, at: soon.addingTimeInterval(1)))
            _ = try await catalogue.resumeJobs { soon.addingTimeInterval(Double($0)) }
            let second = try #require(try await catalogue.takeJob(.derive, at: soon.addingTimeInterval(1)))
            let none = try await catalogue.takeJob(.derive, at: soon.addingTimeInterval(1.9))
            try await catalogue.end(second, .failed(at: soon, problem: "stopped"))
            _ = try await catalogue.retryJobs(of: nil, at: soon)
            let retried = try await catalogue.takeJob(.derive, at: soon)

            #expect(early == nil)
            #expect(first.artefact == links[0].artefact.id)
            #expect((second.artefact, second.stops) == (links[1].artefact.id, 1))
            #expect(none == nil)
            #expect((retried?.attempts, retried?.stops) == (1, 0))
        },
        Promise("a job that is asked for while it runs is done once more, and tools are kept with what they made") {
            catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let id = link.artefact.id
            let running = try #require(try await catalogue.takeJob(.derive, at: soon))
            let early = DerivativeOutcome(
                .failed(DerivativeFailure(kind: .text, reason: "no text")), at: instant(5), tools: ["old": "1"])
            try await catalogue.keep(early, of: id, journalling: event(.artefactNotDerived))
            let late = made(derivative(.poster), at: 1_700_000_100)
            try await catalogue.keep(late, of: id, journalling: event(.artefactDerived))

            _ = try await catalogue.deriveAgain([id], at: soon)
            try await catalogue.end(running, .done(tools: ["libheif": "1.15"]))
            let again = try #require(try await catalogue.takeJob(.derive, at: soon))
            let tools = try await catalogue.outcomes(of: id).map(\.tools)
            try await catalogue.end(again, .done(tools: [:]))

            #expect(again.id != running.id)
            #expect(again.attempts == 1)
            #expect(tools == [["libheif": "1.15"], ["old": "1"]])
            #expect(try await catalogue.jobs(limit: 10).isEmpty)
            #expect(try await catalogue.artefact(id)?.artefact.derivatives.isPending == false)
        },
        Promise("a job that goes on as another task is counted anew, and its artefact is pending all the while") {
            catalogue in
            let link = try await added(catalogue)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let first = try #require(try await catalogue.takeJob(.derive, at: soon))
            try await catalogue.end(first, .done(tools: [:], next: .convert))

            let pending = try await catalogue.artefact(link.artefact.id)?.artefact.derivatives.isPending
            let none = try await catalogue.takeJob(.derive, at: soon)
            let second = try #require(try await catalogue.takeJob(.convert, at: soon))
            try await catalogue.end(second, .done())

            #expect(pending == true)
            #expect(none == nil)
            #expect(second.attempts == 1)
            #expect(second.createdAt == first.createdAt)
            #expect(try await catalogue.jobs(limit: 10).isEmpty)
            #expect(try await catalogue.artefact(link.artefact.id)?.artefact.derivatives.isPending == false)
        },
        Promise("artefacts are listed page by page, each once") { catalogue in
            var made: [ArtefactID] = []
            for _ in 0..<3 {
                let link = try await added(catalogue)
                try await catalogue.link(link, journalling: event(.artefactLinked))
                made.append(link.artefact.id)
            }

            var listed: [ArtefactID] = []
            while true {
                let page = try await catalogue.artefacts(after: listed.last, limit: 2)
                if page.isEmpty { break }
                listed += page
            }

            #expect(listed == made.sorted { "\($0)" < "\($1)" })
        },
    ]

    private static let garbage: [Promise<Subject>] = [
        Promise("a blob that an artefact refers to, whatever its state, is not forgotten") { catalogue in
            for (state, bytes) in [(ArtefactState.kept, "one"), (.held, "two"), (.inspecting, "three")] {
                let link = try await added(catalogue, state: state, bytes: bytes)
                try await catalogue.link(link, journalling: event(.artefactLinked))
                let digest = link.artefact.digest

                #expect(try await catalogue.referenced(among: [digest, Digester.digest(of: "x".utf8)]) == [digest])
                #expect(try await !catalogue.forget(blob: digest, journalling: event(.garbageCollected)))
                #expect(try await catalogue.artefact(link.artefact.id) != nil)
            }
        },
        Promise("forgetting what nothing refers to is journalled") { catalogue in
            let digest = Digester.digest(of: "x".utf8)

            let isForgotten = try await catalogue.forget(blob: digest, journalling: event(.garbageCollected))

            #expect(isForgotten)
            #expect(try await catalogue.journal(after: 0, limit: 10).map(\.event.act) == [.garbageCollected])
        },
    ]

    private static let records: [Promise<Subject>] = [
        Promise("whatever is added or changed has to be written, and is written off as of that change alone") {
            catalogue in
            let link = try await added(catalogue, state: .inspecting)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let first = try await catalogue.changedRecords(limit: 10)
            try await catalogue.settle(link.artefact.id, finding(.kept, at: 5), journalling: event(.artefactInspected))
            try await catalogue.written(first)

            let second = try await catalogue.changedRecords(limit: 10)
            try await catalogue.written(second)

            #expect(Set(first.map(\.id)) == ["\(link.entry.child)", "\(link.artefact.id)"])
            #expect(second.map(\.id) == ["\(link.artefact.id)"])
            #expect(try await catalogue.changedRecords(limit: 10).isEmpty)
        },
        Promise("records tell all that is needed to put everything back") { catalogue in
            let words = EntryWords(
                caption: "You drew.", transcript: "Look!", altText: "A house.", language: LanguageTag(parsing: "cy"),
                happenedAt: instant(123_456), voice: .direct, lenses: [.day], contributor: "Ben", visit: "v",
                visibility: .child)
            let link = try await added(catalogue, words: words)
            try await catalogue.link(link, journalling: event(.artefactLinked))
            let correction = Writing(.transcript, "Look here!", who: "worker-2", at: instant(8))
            let entry = try #require(try await catalogue.write([correction], about: link.entry.id)).entry
            let outcomes = [
                made(derivative(.poster)),
                DerivativeOutcome(.failed(DerivativeFailure(kind: .text, reason: "no text")), at: instant(7)),
            ]
            for outcome in outcomes {
                try await catalogue.keep(outcome, of: link.artefact.id, journalling: event(.artefactDerived))
            }
            var artefact = link.artefact
            artefact.derivatives = Derivatives(
                made: [derivative(.poster)], failed: [DerivativeFailure(kind: .text, reason: "no text")],
                isPending: true)
            let refusal = Refusal(
                upload: UploadID(), child: link.entry.child, digest: link.artefact.digest, size: 3,
                fileName: FileName(declared: "x"), reason: "No.", at: instant(9))
            try await catalogue.refuse(refusal, journalling: event(.artefactRefused))

            let changes = try await catalogue.changedRecords(limit: 10)
            let gone = ChangedRecord(kind: .artefact, id: ArtefactID().description, change: 0)
            let records = try await catalogue.records(of: changes + [gone])

            let child = try #require(try await catalogue.child(link.entry.child))
            #expect(
                records.count == changes.count + 1 && records.last == .some(nil))
            #expect(
                Set(records.compactMap(\.self)) == [
                    .child(child), .refusal(refusal),
                    .artefact(
                        ArtefactHistory(
                            upload: link.upload, addedBy: link.addedBy, artefact: artefact, outcomes: outcomes,
                            entries: [entry],
                            writings: [words.writings(by: "worker-1", at: link.entry.createdAt) + [correction]])),
                ])
        },
        Promise("what is put back is as it was, and the journal goes on from there") { catalogue in
            let child = child("Amira", external: [ExternalID(system: "upn", value: "1")])
            let link = link(UploadID(), to: child.id)
            var artefact = link.artefact
            artefact.derivatives = Derivatives(made: [derivative(.poster)], isPending: false)
            let history = ArtefactHistory(
                upload: link.upload, addedBy: "worker-1", artefact: artefact, outcomes: [made(derivative(.poster))],
                entries: [link.entry],
                writings: [
                    [
                        Writing(.caption, "Gone.", who: "a", at: instant(1)),
                        Writing(.caption, nil, who: "b", at: instant(2)),
                    ]
                ])
            let refusal = Refusal(
                upload: UploadID(), child: child.id, digest: link.artefact.digest, size: 3,
                fileName: FileName(declared: "x"), reason: "No.", at: instant(9))

            await #expect(throws: CatalogueError.noSuchChild(child.id)) {
                try await catalogue.restore([.artefact(history)])
            }
            try await catalogue.restore([.child(child), .artefact(history), .refusal(refusal)])

            #expect(try await catalogue.child(child.id) == child)
            #expect(
                try await catalogue.outcome(of: link.upload)
                    == .linked(Linked(artefact: artefact, entries: [link.entry])))
            #expect(try await catalogue.jobs(limit: 10).isEmpty)
            #expect(try await catalogue.outcomes(of: artefact.id) == history.outcomes)
            #expect(try await catalogue.writings(about: link.entry.id) == history.writings[0])
            #expect(try await catalogue.outcome(of: refusal.upload) == .refused(refusal))
            #expect(try await catalogue.journal(after: 0, limit: 10).isEmpty)
        },
        Promise("how far the journal was written is remembered") { catalogue in
            #expect(try await catalogue.writtenJournal() == 0)
            try await catalogue.written(journalUpTo: 2)

            #expect(try await catalogue.writtenJournal() == 2)
        },
        Promise("a journal that was put back goes on where it ended") { catalogue in
            try await catalogue.record([event(.signedIn, subject: "a"), event(.signedOut, subject: "b")])
            let records = try await catalogue.journal(after: 0, limit: 10)

            await #expect(throws: CatalogueError.self, "what is there is not overwritten") {
                try await catalogue.restore(journal: records)
            }
            try await catalogue.record([event(.signedIn, subject: "c")])

            let last = try #require(try await catalogue.journal(after: 2, limit: 10).first)
            #expect(last.previous == records[1].digest)
        },
        Promise("a blob that was set aside is not collected, and is placed once an artefact has it") { catalogue in
            let link = try await added(catalogue)
            let blob = StoredBlob(digest: link.artefact.digest, size: link.artefact.size)
            for _ in 1...2 { try await catalogue.setAside([blob]) }
            let unplaced = try await catalogue.unplacedBlobs()
            let isForgotten = try await catalogue.forget(blob: blob.digest, journalling: event(.garbageCollected))
            try await catalogue.link(link, journalling: event(.artefactLinked))

            #expect(unplaced == [blob])
            #expect(!isForgotten)
            #expect(try await catalogue.unplacedBlobs().isEmpty)
        },
    ]

    private static let journal: [Promise<Subject>] = [
        Promise("events are kept in their order, with numbers without gaps, each tied to the one before") { catalogue in
            let events = (0..<5).map { event(.contentRead, subject: "\($0)") }
            try await catalogue.record(Array(events[..<2]))
            try await catalogue.record([])
            try await catalogue.record(Array(events[2...]))

            let records = try await catalogue.journal(after: 0, limit: 10)
            let rest = try await catalogue.journal(after: 3, limit: 1)

            #expect(records.map(\.event) == events)
            #expect(records.map(\.sequence) == [1, 2, 3, 4, 5])
            #expect(zip(records, records.dropFirst()).allSatisfy { $0.digest == $1.previous })
            #expect(rest.map(\.sequence) == [4])
        },
        Promise("the records about a child are its own and those of its artefacts, page by page, and no other's") {
            catalogue in
            let (amira, ben) = (child("Amira"), child("Ben"))
            for child in [amira, ben] {
                try await catalogue.add(child, journalling: event(.childAdded, child: child.id))
            }
            let (own, other) = (link(UploadID(), to: amira.id), link(UploadID(), to: ben.id))
            for link in [own, other] {
                try await catalogue.link(link, journalling: event(.artefactLinked, child: link.entry.child))
            }
            try await catalogue.record([
                event(.artefactInspected, subject: own.artefact.id.description),
                event(.artefactInspected, subject: other.artefact.id.description),
                event(.childrenListed),
                event(.contentRead, subject: own.artefact.id.description, child: ben.id),
                event(.contentRead, subject: own.artefact.id.description, child: amira.id),
            ])

            var records: [JournalRecord] = []
            repeat {
                let page = try await catalogue.journal(about: amira.id, after: records.last?.sequence ?? 0, limit: 2)
                if page.isEmpty { break }
                records += page
            } while true
            let all = try await catalogue.journal(after: 0, limit: 20)

            #expect(records == all.filter { [1, 3, 5, 9].contains($0.sequence) })
        },
        Promise("two thousand events of as many tasks are all kept") { catalogue in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<2000 {
                    group.addTask { try await catalogue.record([event(.contentRead, subject: "\(index)")]) }
                }
                try await group.waitForAll()
            }

            let records = try await catalogue.journal(after: 0, limit: 5000)

            #expect(records.map(\.sequence) == Array(1...2000))
            #expect(Set(records.map(\.event.subject)).count == 2000)
        },
    ]

    // MARK: Values for the promises

    /// After everything that is linked here.
    private static let soon = instant(1_700_000_100)

    private static func derivative(_ kind: DerivativeKind, _ bytes: String = "derived") -> Derivative {
        Derivative(
            kind: kind, digest: Digester.digest(of: bytes.utf8), mimeType: "image/jpeg", size: Int64(bytes.utf8.count))
    }

    private static func made(_ derivative: Derivative, at seconds: Double = 7) -> DerivativeOutcome {
        DerivativeOutcome(.made(derivative), at: instant(seconds))
    }

    static func instant(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

    static func event(
        _ act: JournalEvent.Act, subject: String = "it", child: ChildID? = nil
    ) -> JournalEvent {
        JournalEvent(at: instant(1_700_000_000), actor: "worker-1", act: act, subject: subject, child: child)
    }

    static func child(_ name: String, external: [ExternalID] = []) -> Child {
        Child(
            id: ChildID(), preferredName: name, externalIDs: external, dateOfBirth: CalendarDay(parsing: "2017-03-04"),
            pronouns: "they", accessLevel: .standard, createdAt: instant(1_700_000_000))
    }

    private static func credential(_ use: Credential.Use) -> Credential {
        Credential(
            secret: Digester.digest(of: Secret.random(bytes: 16).utf8), use: use,
            principal: Principal(name: "worker-1", role: .worker), createdAt: instant(0), expiresAt: instant(50))
    }

    static func finding(_ state: ArtefactState, at seconds: Double) -> Finding {
        Finding(
            state: state, reasons: state == .held ? ["Why."] : [], mimeType: "image/png", kind: .drawing,
            media: Media(width: 3, height: 4, orientation: 6, duration: 1.5, codecs: ["h264"], hasLocation: true),
            captured: CaptureDate(
                at: instant(seconds), precision: .second, source: .exifOriginal, confidence: .a, offset: 3600),
            puid: "fmt/11", report: #"{"mimeType":"image/png"}"#,
            presentation: state == .held ? .download : .asUsual)
    }

    static func link(
        _ upload: UploadID, to child: ChildID, state: ArtefactState = .kept, words: EntryWords = EntryWords(),
        at seconds: Double = 1_650_000_000, bytes: String = "same bytes"
    ) -> Link {
        let finding = finding(state, at: seconds)
        let artefact = Artefact(
            id: ArtefactID(), digest: Digester.digest(of: bytes.utf8), size: Int64(bytes.utf8.count),
            fileName: FileName(declared: "drawing.png"), declaredMimeType: "image/png",
            receivedAt: instant(1_700_000_000),
            declaredTimes: DeclaredTimes(lastModified: instant(1_600_000_000), timeZone: "Europe/London"),
            finding: finding)
        let happened =
            words.happenedAt.map {
                CaptureDate(at: $0, precision: .second, source: .person, confidence: .a, offset: nil)
            } ?? finding.captured
        let entry = Entry(
            id: EntryID(), child: child, artefact: artefact.id, happened: happened, words: words,
            createdAt: instant(1_700_000_000), addedAs: .child)
        return Link(upload: upload, artefact: artefact, entry: entry, addedBy: "worker-1")
    }

    /// A link to a child that has been added.
    static func added(
        _ catalogue: any Catalogue, state: ArtefactState = .kept, words: EntryWords = EntryWords(),
        bytes: String = "same bytes"
    ) async throws -> Link {
        let child = child("Amira")
        try await catalogue.add(child, journalling: event(.childAdded))
        return link(UploadID(), to: child.id, state: state, words: words, bytes: bytes)
    }
}
