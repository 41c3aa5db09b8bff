internal import Artefacts
internal import DurableFiles
internal import FoundationEssentials
internal import Inspecting
internal import Linking
internal import Receiving
internal import Storing
internal import SystemPackage

/// What happens once all bytes are durable: inspect → store → link.
extension Ingestion {
    /// Takes a received file to its end. May be run again after a crash at any point.
    func finish(_ received: Received) async throws -> UploadOutcome {
        rush.begin()
        defer { rush.end() }
        let id = received.declaration.id
        // One that came in one request has no past.
        if received.declaration.dialect != .whole, let done = try await catalogue.outcome(of: id) {
            try await end(id)
            return done
        }
        do {
            let receivedAt = Date()
            let examined = try await UploadMeters.timing("inspect") {
                try await examine(received, at: receivedAt)
            }
            guard examined.finding.state != .refused else {
                let refusal = try await refuse(received, examined.finding, at: receivedAt)
                try await end(id)
                return .refused(refusal)
            }
            let linked = try await UploadMeters.timing("link") { try await keep(received, examined, at: receivedAt) }
            try await endStored(received.declaration)
            return .linked(linked)
        } catch {
            if received.declaration.dialect != .whole { await registry.remember(stuck: id, true) }
            throw Self.translated(error)
        }
    }

    func refuse(_ received: Received, _ finding: Finding, at instant: Date) async throws -> Refusal {
        let declaration = received.declaration
        let refusal = Refusal(
            upload: declaration.id, child: received.child, digest: received.digest, size: received.size,
            fileName: declaration.fileName, reason: finding.reasons.joined(separator: " "), at: instant)
        try await catalogue.refuse(
            refusal, journalling: event(.artefactRefused, declaration.id.description, received, at: instant))
        UploadMeters.ended(declaration.dialect, .refused)
        return refusal
    }

    private func keep(_ received: Received, _ examined: Examined, at instant: Date) async throws -> Linked {
        let (declaration, finding) = (received.declaration, examined.finding)
        let artefact = Artefact(
            id: ArtefactID(at: instant), digest: received.digest, size: received.size,
            fileName: declaration.fileName, declaredMimeType: declaration.declaredMimeType,
            receivedAt: instant, declaredTimes: declaration.times, finding: finding)
        let entry = Entry(
            id: EntryID(at: instant), child: received.child, artefact: artefact.id,
            happened: declaration.words.happened ?? finding.captured, words: declaration.words, createdAt: instant,
            addedAs: declaration.owner.role.kind)
        // After a crash before the link, a place is left that belongs to no artefact.
        try await places.keep(examined, of: artefact.id)
        let linked = try await gate.holding(received.digest) {
            try await blobs.adopt(received.staged, as: received.digest, size: received.size)
            return try await catalogue.link(
                Link(upload: declaration.id, artefact: artefact, entry: entry, addedBy: declaration.owner.name),
                journalling: event(.artefactLinked, artefact.id.description, received, at: instant))
        }
        jobs.wake()
        UploadMeters.ended(declaration.dialect, .linked)
        return linked
    }

    /// Examines while the client waits, but not for longer than the grace, and
    /// not where many files are in line: it is safe without that, and said to
    /// be still inspected.
    private func examine(_ received: Received, at instant: Date) async throws -> Examined {
        guard received.size > 0 else { return Examined(finding: .empty(receivedAt: instant)) }
        let pending = Examined(finding: .pending(at: instant))
        guard !inspector.isCrowded, !rush.isNow else { return pending }
        // After a crash the bytes may be a blob already, and the staged file gone.
        let stored = DurableFile.exists(received.staged) ? nil : try await blobs.localFile(of: received.digest)
        let file = stored ?? received.staged
        let (examination, declaration, grace) = (examination, received.declaration, settings.inspectionGrace)
        let birth = try await catalogue.child(received.child)?.birth
        return await withTaskGroup(of: Examined?.self) { group in
            group.addTask {
                await examination.examine(
                    file, named: declaration.fileName, declared: declaration.declaredMimeType,
                    receivedAt: instant, times: declaration.times, notBefore: birth,
                    subject: declaration.id.description)
            }
            group.addTask {
                try? await Task.sleep(for: grace)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next().flatMap(\.self) ?? pending
        }
    }

    private func event(
        _ act: JournalEvent.Act, _ subject: String, _ received: Received, at instant: Date
    ) -> JournalEvent {
        JournalEvent(
            at: instant, actor: received.declaration.owner.name, act: act, subject: subject,
            child: received.child)
    }
}

extension Child {
    /// The first instant of the day on which the child was born, wherever that was.
    var birth: Date? {
        dateOfBirth.flatMap { Instant.parse("\($0)T00:00:00Z") }.map { $0.addingTimeInterval(-14 * 3600) }
    }
}

extension Finding {
    /// Of a file that ought to be in the store and is not.
    static func missing(receivedAt: Date) -> Finding {
        Finding(
            state: .held, reasons: ["The file could not be found in the store. Please tell whoever runs Keepsake."],
            mimeType: .unknown, kind: .document, media: Media(), captured: .received(at: receivedAt))
    }

    /// Of a file that is safe and not yet understood.
    static func pending(at instant: Date) -> Finding {
        Finding(
            state: .inspecting, reasons: [], mimeType: .unknown, kind: .document, media: Media(),
            captured: .received(at: instant))
    }
}
