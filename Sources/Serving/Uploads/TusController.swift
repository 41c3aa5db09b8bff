internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// `/uploads`: resumable uploads by tus 1.0.0 with the extensions creation,
/// creation-with-upload and termination.
///
/// Source: the tus resumable upload protocol, 1.0.0.
struct TusController {
    let ingestion: Ingestion
    let declaring: Declaring
    let links: PublicLinks

    private static let contentType = "application/offset+octet-stream"

    /// The routes that need no credential.
    func addDiscovery(to routes: some RouterMethods<RequestScope>) {
        routes.on("/uploads", method: .options) { _, _ in discovery }
        routes.on("/uploads/{upload}", method: .options) { _, _ in discovery }
    }

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.post("/uploads", use: create)
        routes.head("/uploads/{upload}", use: offset)
        routes.patch("/uploads/{upload}", use: append)
        routes.delete("/uploads/{upload}", use: cancel)
        routes.get("/uploads/{upload}", use: content)
    }

    private var discovery: Response {
        Response(
            status: .ok,
            headers: [
                .tusVersion: TusVersion.version,
                .tusExtension: "creation,creation-with-upload,termination",
                .tusMaxSize: String(ingestion.settings.maximumSize),
            ])
    }

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        let declaration = try await declaration(request, scope)
        let hasContent = (request.contentLength ?? 0) > 0 || request.headers[.transferEncoding] != nil
        if hasContent { try expectContentType(request) }
        try await ingestion.begin(declaration)

        var headers: HTTPFields = [.location: links.upload(declaration.id, asked: request)]
        if hasContent {
            let outcome = try await append(request, scope, to: declaration.id, at: 0)
            headers[.uploadOffset] = String(outcome.offset)
        }
        return Response(status: .created, headers: headers)
    }

    private func offset(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        let id = try await begun(scope)
        guard let upload = try await ingestion.settledUpload(id) else {
            return try await finishedOffset(id, scope)
        }
        var headers: HTTPFields = [.uploadOffset: String(upload.offset), .cacheControl: "no-store"]
        headers[.uploadLength] = upload.declaration.length.map(String.init)
        headers[.uploadMetadata] = upload.declaration.tusMetadata
        return Response(status: .ok, headers: headers)
    }

    private func append(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        try expectContentType(request)
        guard let position = request.headers[.uploadOffset].flatMap({ Int64($0) }), position >= 0 else {
            throw Problem.badRequest("“Upload-Offset” is the number of bytes that were confirmed.")
        }
        let id = try await begun(scope)
        let offset = try await append(request, scope, to: id, at: position).offset
        return Response(status: .noContent, headers: [.uploadOffset: String(offset)])
    }

    private func cancel(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        let id = try await begun(scope)
        try await ingestion.cancel(id, by: scope.principal)
        return Response(status: .noContent)
    }

    /// Not part of tus; sends to the bytes of a finished upload.
    private func content(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        guard case .linked(let linked)? = try await UploadLookup(ingestion: ingestion).outcome(scope) else {
            throw Problem.notFound
        }
        return .redirect(to: "/v1/artefacts/\(linked.artefact.id)/content")
    }

    /// The upload in the path, if it is the caller's or is finished.
    private func begun(_ scope: SignedInScope) async throws -> UploadID {
        let lookup = UploadLookup(ingestion: ingestion)
        if let upload = try await lookup.upload(scope) { return upload.declaration.id }
        guard let id = lookup.id(scope), try await lookup.outcome(scope) != nil else { throw Problem.notFound }
        return id
    }

    /// A finished upload stands at its end, unless it was refused: a client
    /// must not take that for success.
    private func finishedOffset(_ id: UploadID, _ scope: SignedInScope) async throws -> Response {
        switch try await UploadLookup(ingestion: ingestion).outcome(scope) {
        case .linked(let linked):
            let size = String(linked.artefact.size)
            return Response(
                status: .ok, headers: [.uploadOffset: size, .uploadLength: size, .cacheControl: "no-store"])
        case .refused: return Response(status: .gone, headers: [.cacheControl: "no-store"])
        case nil: throw Problem.notFound
        }
    }

    private func append(
        _ request: Request, _ scope: SignedInScope, to id: UploadID, at position: Int64
    ) async throws -> Progress {
        let outcome: AppendOutcome
        if let done = try await UploadLookup(ingestion: ingestion).outcome(scope, id) {
            // The client did not get the last answer, and asks again.
            guard case .linked(let linked) = done, position == linked.artefact.size, request.contentLength == 0 else {
                throw Problem.finished(done)
            }
            outcome = .finished(done)
        } else {
            try await scope.invite(request)
            outcome = try await ingestion.append(
                request.body, to: id, at: position, contentLength: request.contentLength, preempt: scope.preempt)
        }
        switch outcome {
        case .receiving(let offset): return Progress(offset: offset)
        case .finished(.linked(let linked)): return Progress(offset: linked.artefact.size)
        case .finished(.refused(let refusal)): throw Problem.refused(refusal)
        }
    }

    private struct Progress {
        let offset: Int64
    }

    private func declaration(_ request: Request, _ scope: SignedInScope) async throws -> UploadDeclaration {
        if request.headers[.uploadDeferLength] != nil {
            throw Problem.badRequest("“Upload-Defer-Length” is not offered here: say the length in “Upload-Length”.")
        }
        guard let length = request.headers[.uploadLength].flatMap({ Int64($0) }), length >= 0 else {
            throw Problem.badRequest("“Upload-Length” is the number of bytes in the file.")
        }
        guard length > 0 else { throw Problem.emptyFile }
        let raw = request.headers[.uploadMetadata]
        let fields = try TusMetadata(parsing: raw ?? "").fields
        return try await declaring.declaration(
            to: try child(fields, scope), named: fields["filename"] ?? fields["name"],
            type: fields["filetype"] ?? fields["type"], words: try fields.entryWords(), tusMetadata: raw,
            length: length, by: scope)
    }

    private func child(_ fields: FormFields, _ scope: SignedInScope) throws(Problem) -> ChildID {
        guard let text = fields["child"] else {
            if let own = scope.principal.role.child { return own }
            throw .badRequest("“Upload-Metadata” must name the child: the key “child” with the child’s id.")
        }
        guard let id = ChildID(parsing: text) else { throw .notFound }
        return id
    }

    private func expectContentType(_ request: Request) throws(Problem) {
        guard request.headers[.contentType] == Self.contentType else {
            throw Problem(
                .unsupportedMediaType, "content-type", "Another content type",
                "The bytes of an upload are sent with “Content-Type: \(Self.contentType)”.")
        }
    }
}

extension Problem {
    static let emptyFile = Problem(
        .unprocessableContent, "empty-file", "Empty file",
        "The file is empty, so there is nothing to keep. Check the file and send it again.")

    /// Of a request to go on with what has come to its end.
    fileprivate static func finished(_ outcome: UploadOutcome) -> Problem {
        switch outcome {
        case .linked(let linked):
            Problem(
                .conflict, "mismatching-upload-offset", "Already finished",
                "The upload is complete with \(linked.artefact.size) bytes. There is nothing left to send.",
                headers: [.uploadOffset: String(linked.artefact.size)])
        case .refused(let refusal): .refused(refusal)
        }
    }
}
