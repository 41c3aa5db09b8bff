internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// Resumable Uploads for HTTP: any file that is posted to a child's story can
/// be gone on with at `/v1/uploads/{upload}`.
///
/// Source: draft-ietf-httpbis-resumable-upload, interop versions 6 to 10.
struct ResumableController {
    let ingestion: Ingestion
    let declaring: Declaring
    let links: PublicLinks

    private var lookup: UploadLookup { UploadLookup(ingestion: ingestion) }

    private static let contentType = "application/partial-upload"

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.head("/v1/uploads/{upload}", use: offset)
        routes.patch("/v1/uploads/{upload}", use: append)
        routes.delete("/v1/uploads/{upload}", use: cancel)
    }

    /// The routes that need no credential.
    func addDiscovery(to routes: some RouterMethods<RequestScope>) {
        routes.on("/v1/children/{child}/artefacts", method: .options) { _, _ in
            Response(
                status: .noContent,
                headers: [.uploadLimit: limits(nil).field(until: nil), .acceptPatch: Self.contentType])
        }
    }

    // MARK: Creation

    /// Begins an upload with a request that has `Upload-Complete`.
    func create(_ request: Request, _ said: Declaring.Said, _ scope: SignedInScope) async throws -> Response {
        let asked = ResumableRequest(request)
        let isLast = asked.isComplete ?? true
        let length: Int64?
        do {
            length = try asked.wholeLength(at: 0, isLast: isLast)
        } catch {
            throw answering(Problem(describing: IngestionError.refused(error), logger: scope.logger), isComplete: false)
        }
        if length == 0 { throw answering(.emptyFile, isComplete: true) }
        let declaration = try await declaring.declaration(said.announcing(length), by: scope)
        do {
            try await ingestion.begin(declaration)
        } catch {
            // Nothing was begun, so there is nothing to go on with.
            var problem = answering(Problem(describing: error, logger: scope.logger), isComplete: true)
            problem.headers[.uploadLimit] = limits(asked.version).field(until: nil)
            throw problem
        }
        let location = links.resumable(declaration.id, asked: request)
        if let version = asked.version { scope.inform(beginning(declaration, location, version)) }
        var response = try await append(request, scope, asked, to: declaration, at: 0, isLast: isLast) { problem in
            problem.headers[.location] = location
        }
        if !isLast {
            response.status = .created
            response.headers[.location] = location
            response.headers[.uploadLimit] = limits(asked.version).field(until: declaration.expiresAt)
        }
        return response
    }

    /// Tells the client where to go on, before it has sent a byte.
    private func beginning(_ declaration: UploadDeclaration, _ location: String, _ version: Int) -> HTTPResponse {
        .resumptionSupported([
            .location: location,
            .uploadDraftInteropVersion: String(version),
            .uploadLimit: limits(version).field(until: declaration.expiresAt),
        ])
    }

    // MARK: The offset

    private func offset(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let asked = ResumableRequest(request)
        if asked.isStrict, asked.offset != nil || asked.isComplete != nil || asked.length != nil {
            throw Problem.badRequest("A question for the offset says nothing of the upload itself.")
        }
        if let known = try await own(scope),
            let upload = try await ingestion.settledUpload(known.declaration.id)
        {
            return Response(status: .noContent, headers: headers(of: upload, asked.version))
        }
        switch try await lookup.outcome(scope) {
        case .linked(let linked):
            let size = String(linked.artefact.size)
            return Response(
                status: .noContent,
                headers: [
                    .uploadOffset: size, .uploadLength: size, .uploadComplete: "?1", .cacheControl: "no-store",
                    .uploadLimit: limits(asked.version).field(until: nil),
                ])
        // A client must not take that for success.
        case .refused(let refusal): throw Problem.refused(refusal).with(status: .gone)
        case nil: throw Problem.notFound
        }
    }

    /// What an unfinished upload says of itself.
    func headers(of upload: StoredUpload, _ version: Int?) -> HTTPFields {
        var headers: HTTPFields = [
            .uploadOffset: String(upload.offset), .uploadComplete: "?0", .cacheControl: "no-store",
            .uploadLimit: limits(version).field(until: upload.declaration.expiresAt),
        ]
        headers[.uploadLength] = upload.length.map(String.init)
        return headers
    }

    // MARK: Bytes

    private func append(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let asked = ResumableRequest(request)
        guard let upload = try await own(scope) else { return try await replay(request, scope, asked) }
        let declaration = upload.declaration
        guard request.headers[.contentType]?.lowercased() == Self.contentType else {
            throw answering(.contentType(Self.contentType), upload)
        }
        guard let position = asked.offset else {
            throw answering(.badRequest("“Upload-Offset” is the number of bytes that were confirmed."), upload)
        }
        // Up to version 6 a request that does not say so is the last.
        guard let isLast = asked.isComplete ?? (asked.isStrict ? true : nil) else {
            throw answering(.badRequest("“Upload-Complete” says whether these are the last bytes: ?1 or ?0."), upload)
        }
        return try await append(request, scope, asked, to: declaration, at: position, isLast: isLast) { _ in }
    }

    private func append(
        _ request: Request, _ scope: SignedInScope, _ asked: ResumableRequest, to declaration: UploadDeclaration,
        at position: Int64, isLast: Bool, _ mend: (inout Problem) -> Void
    ) async throws -> Response {
        let outcome: AppendOutcome
        do {
            var onCommit: (@Sendable (Int64) -> Void)?
            if asked.version != nil {
                onCommit = { scope.inform(.resumptionSupported([.uploadOffset: String($0)])) }
            }
            let append = AppendRequest(
                position: position, contentLength: request.contentLength,
                length: try asked.wholeLength(at: position, isLast: isLast),
                ending: isLast ? .withThisRequest : .later, check: try ContentDigest.check(of: request, scope),
                onCommit: onCommit,
                mayFinish: { [declaring] in try await declaring.requireStill(declaration, by: scope) },
                preempt: scope.preempt)
            try await scope.invite(request)
            outcome = try await ingestion.append(request.body, to: declaration.id, append)
        } catch {
            var problem = try await problem(error, declaration, scope)
            mend(&problem)
            throw problem
        }
        switch outcome {
        case .receiving(let offset):
            return Response(
                status: asked.isStrict ? .created : .noContent,
                headers: [.uploadComplete: "?0", .uploadOffset: String(offset)])
        case .finished(let outcome): return try Self.final(outcome)
        }
    }

    /// The answer that the whole file gets, each time that it is asked for.
    private static func final(_ outcome: UploadOutcome) throws -> Response {
        switch outcome {
        case .linked(let linked):
            var response = try AddedResponse.response(to: linked)
            response.headers[.uploadComplete] = "?1"
            response.headers[.uploadOffset] = String(linked.artefact.size)
            return response
        case .refused(let refusal):
            var problem = Problem.refused(refusal)
            problem.headers[.uploadComplete] = "?1"
            throw problem
        }
    }

    /// A client that lost the last answer asks for it with nothing more to send.
    private func replay(_ request: Request, _ scope: SignedInScope, _ asked: ResumableRequest) async throws -> Response
    {
        guard let outcome = try await lookup.outcome(scope) else { throw Problem.notFound }
        guard case .linked(let linked) = outcome else { return try Self.final(outcome) }
        let size = linked.artefact.size
        if asked.offset == size, asked.isComplete ?? asked.isStrict, request.contentLength ?? 0 == 0 {
            return try Self.final(outcome)
        }
        var problem = Problem.finished(size)
        if let version = asked.version, version <= 8 {
            problem = Problem(
                .badRequest, ProblemTypes.completedUpload, problem.title, problem.detail, headers: problem.headers)
        }
        throw answering(problem, isComplete: false)
    }

    // MARK: The end

    private func cancel(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let asked = ResumableRequest(request)
        if asked.isStrict, asked.offset != nil || asked.isComplete != nil {
            throw Problem.badRequest("A request to cancel says nothing of the upload itself.")
        }
        guard let upload = try await own(scope) else {
            guard try await lookup.outcome(scope) != nil else { throw Problem.notFound }
            throw Problem.isInStory
        }
        try await ingestion.cancel(upload.declaration.id, by: scope.principal)
        return Response(status: .noContent)
    }

    // MARK: What goes wrong

    /// What a client is told of an error, with where its upload stands.
    private func problem(
        _ error: any Error, _ declaration: UploadDeclaration, _ scope: SignedInScope
    ) async throws -> Problem {
        var problem = Problem(describing: error, logger: scope.logger)
        switch error {
        case IngestionError.refused(.beyondLength):
            // Nobody knows which of the bytes are wrong.
            try await ingestion.cancel(declaration.id, by: scope.principal)
            return answering(problem.with(status: .badRequest), isComplete: false)
        case IngestionError.refused(.checksumMismatch): problem = problem.with(status: .badRequest)
        case IngestionError.digestMismatch: return answering(problem, isComplete: true)
        default: break
        }
        guard let upload = try await ingestion.upload(declaration.id) else {
            return answering(problem, isComplete: false)
        }
        return answering(problem, upload)
    }

    private func answering(_ problem: Problem, _ upload: StoredUpload) -> Problem {
        var problem = answering(problem, isComplete: false)
        problem.headers[.uploadOffset] = String(upload.offset)
        return problem
    }

    private func answering(_ problem: Problem, isComplete: Bool) -> Problem {
        var problem = problem
        problem.headers[.uploadComplete] = isComplete ? "?1" : "?0"
        return problem
    }

    private func limits(_ version: Int?) -> ResumableLimits {
        ResumableLimits(maximumSize: ingestion.settings.maximumSize, version: version)
    }

    /// The caller's unfinished upload in the path.
    private func own(_ scope: SignedInScope) async throws -> StoredUpload? {
        guard let upload = try await lookup.upload(scope) else { return nil }
        guard case .http = upload.declaration.dialect else { throw Problem.otherProtocol }
        return upload
    }
}

extension HTTPResponse {
    /// The interim answer to an upload that can be gone on with.
    ///
    /// Source: draft-ietf-httpbis-resumable-upload, "104 (Upload Resumption Supported)".
    fileprivate static func resumptionSupported(_ headers: HTTPFields) -> HTTPResponse {
        HTTPResponse(
            status: HTTPResponse.Status(code: 104, reasonPhrase: "Upload Resumption Supported"), headerFields: headers)
    }
}
