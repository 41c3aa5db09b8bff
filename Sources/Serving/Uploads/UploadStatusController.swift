internal import Artefacts
internal import FoundationEssentials
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// `/v1/uploads/{upload}`: how a client learns what became of an upload.
struct UploadStatusController {
    let ingestion: Ingestion
    let resumable: ResumableController

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.get("/v1/uploads/{upload}", use: show)
    }

    private func show(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let lookup = UploadLookup(ingestion: ingestion)
        guard let id = lookup.id(scope) else { throw Problem.notFound }
        if let upload = try await lookup.upload(scope) {
            let headers =
                upload.declaration.dialect == .tus
                ? [:] : resumable.headers(of: upload, ResumableRequest(request).version)
            return try .json(UploadResponse(upload), headers: headers)
        }
        guard let outcome = try await lookup.outcome(scope, id) else { throw Problem.notFound }
        return try .json(UploadResponse(id, outcome))
    }
}

/// An upload as the API shows it.
private struct UploadResponse: Encodable {
    let id: UploadID
    let offset: Int64
    let length: Int64?
    let state: String
    let artefact: ArtefactID?
    /// Its place on the timeline of the child it was uploaded for.
    let entry: EntryID?
    let problem: ProblemDocument?
    let expiresAt: Date?

    init(_ upload: StoredUpload) {
        id = upload.declaration.id
        offset = upload.offset
        length = upload.length
        state = upload.received == nil ? "receiving" : "inspecting"
        artefact = nil
        entry = nil
        problem = nil
        expiresAt = upload.declaration.expiresAt
    }

    init(_ id: UploadID, _ outcome: UploadOutcome) {
        self.id = id
        expiresAt = nil
        switch outcome {
        case .linked(let linked):
            let finding = linked.artefact.finding
            offset = linked.artefact.size
            length = linked.artefact.size
            state = finding.state.rawValue
            artefact = linked.artefact.id
            entry = linked.entries.first?.id
            problem =
                finding.reasons.isEmpty
                ? nil
                : ProblemDocument(
                    Problem(
                        .ok, finding.state.rawValue, "Waiting for a person", finding.reasons.joined(separator: " ")),
                    instance: nil)
        case .refused(let refusal):
            offset = refusal.size
            length = refusal.size
            state = ArtefactState.refused.rawValue
            artefact = nil
            entry = nil
            problem = ProblemDocument(Problem.refused(refusal), instance: nil)
        }
    }
}
