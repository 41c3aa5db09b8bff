internal import Artefacts
internal import FoundationEssentials
internal import Inspecting
internal import InspectionWire
internal import Linking
internal import Receiving
internal import Storing
internal import SystemPackage

/// Makes derivatives of an artefact, each of which is a blob.
///
/// Each is kept as soon as it is whole: people see a small picture while a
/// film is still being made playable, and a crash loses one at most.
struct Derivation {
    let spools: any UploadStore
    let reserve: SpaceReserve
    let blobs: any BlobStore
    let gate: BlobGate
    let catalogue: any Catalogue
    let renderer: Renderer

    /// Makes what is missing and of the task; the rest is the next task's.
    ///
    /// - Throws: what went wrong first, after everything was tried that does
    ///   not depend on it.
    func run(_ job: Job) async throws -> JobEnding {
        guard let artefact = try await catalogue.artefact(job.artefact)?.artefact, artefact.finding.state == .kept
        else {
            return .done()
        }
        let all = try await missing(job, artefact)
        let kinds = all.filter { Self.task(of: $0, artefact) == job.task }
        let next: JobTask? = kinds.count < all.count && job.task == .derive ? .convert : nil
        guard !kinds.isEmpty else { return .done(next: next) }
        guard let file = try await blobs.localFile(of: artefact.digest) else {
            throw BlobStoreError.missing(artefact.digest)
        }
        // After something went wrong each alone, so that it takes nothing else with it.
        let orders = job.attempts == 1 ? [kinds] : kinds.map { [$0] }
        var tools: [String: String] = [:]
        var failure: InspectionFailure?
        for kinds in orders {
            do {
                tools.merge(try await make(kinds, of: artefact, in: file)) { $1 }
            } catch let error as InspectionFailure {
                failure = failure ?? error
                if error == .notStarted { break }
            }
        }
        if let failure { throw failure }
        return .done(tools: tools, next: next)
    }

    /// To convert a recording takes a part of the time that it plays; all else takes moments.
    private static func task(of kind: DerivativeKind, _ artefact: Artefact) -> JobTask {
        let isRecording = ["audio", "video"].contains(artefact.finding.mimeType.type)
        return kind == .preview && isRecording ? .convert : .derive
    }

    /// Says of everything that is missing that it cannot be made.
    func giveUp(_ job: Job, _ problem: String) async throws {
        guard let artefact = try await catalogue.artefact(job.artefact)?.artefact else { return }
        for kind in try await missing(job, artefact) { try await fail(kind, problem, artefact.id) }
    }

    /// The kinds that were not tried to their end since the job was asked for.
    private func missing(_ job: Job, _ artefact: Artefact) async throws -> [DerivativeKind] {
        let outcomes = try await catalogue.outcomes(of: artefact.id)
        let tried = Set(outcomes.filter { $0.at >= job.createdAt }.map(\.kind))
        let finding = artefact.finding
        return DerivativePlan.kinds(for: finding.mimeType, media: finding.media).filter { !tried.contains($0) }
    }

    private func make(
        _ kinds: [DerivativeKind], of artefact: Artefact, in file: FilePath
    ) async throws -> [String: String] {
        let finding = artefact.finding
        let order = RenderOrder(mimeType: finding.mimeType, kinds: kinds, media: finding.media)
        var events = renderer.render(file, order).makeAsyncIterator()
        var staged: StagedDerivative?
        do {
            while let event = try await events.next() {
                switch event {
                case .began(let kind, let type):
                    // What people's browsers get is decided here, not by who has read untrusted bytes.
                    guard kind.mayBe(type, of: finding.mimeType) else { throw InspectionFailure.nonsense }
                    staged = try await StagedDerivative(kind, type, in: spools)
                case .bytes(let bytes): try await staged?.take(bytes, leaving: reserve)
                case .ended:
                    if let whole = staged { try await keep(whole, of: artefact.id) }
                    staged = nil
                case .failed(let kind, let reason):
                    try await staged?.drop()
                    staged = nil
                    try await fail(kind, reason, artefact.id)
                }
            }
        } catch {
            try? await staged?.drop()
            throw error
        }
        return events.tools
    }

    /// Order, as for an original: bytes synced → blob by rename → link. A text
    /// can be found before it is linked, so that a crash between leaves it to be made again.
    private func keep(_ staged: StagedDerivative, of artefact: ArtefactID) async throws {
        let derivative = try await staged.complete()
        try await gate.holding(derivative.digest) {
            try await blobs.adopt(staged.path, as: derivative.digest, size: derivative.size)
            if let text = staged.searchedText {
                try await catalogue.index(text: text, of: artefact)
            }
            try await keep(.made(derivative), .artefactDerived, of: artefact)
        }
    }

    private func fail(_ kind: DerivativeKind, _ reason: String, _ artefact: ArtefactID) async throws {
        try await keep(
            .failed(DerivativeFailure(kind: kind, reason: reason)), .artefactNotDerived, of: artefact)
    }

    private func keep(
        _ result: DerivativeOutcome.Result, _ act: JournalEvent.Act, of artefact: ArtefactID
    ) async throws {
        let outcome = DerivativeOutcome(result, at: Date())
        try await catalogue.keep(outcome, of: artefact, journalling: .byDaemon(act, artefact.description))
        JobMeters.derived(outcome)
    }
}
