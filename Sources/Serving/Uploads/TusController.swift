internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// `/uploads`: resumable uploads by tus 1.0.0, with every extension.
///
/// Source: the tus resumable upload protocol, 1.0.0.
struct TusController {
    let ingestion: Ingestion
    let declaring: Declaring
    let links: PublicLinks

    private var lookup: UploadLookup { UploadLookup(ingestion: ingestion) }

    private static let extensions =
        "creation,creation-with-upload,creation-defer-length,expiration,checksum,checksum-trailer,termination,"
        + "concatenation,concatenation-unfinished"

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
                .tusExtension: Self.extensions,
                .tusMaxSize: String(ingestion.settings.maximumSize),
                .tusChecksumAlgorithm: TusChecksum.algorithms,
            ])
    }

    // MARK: Creation

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        let creation = try TusCreation(request)
        let hasContent = (request.contentLength ?? 0) > 0 || request.headers[.transferEncoding] != nil
        if hasContent { try creation.expectContent(request) }
        let declaration = try await creation.declaration(declaring, scope)
        let location = links.upload(declaration.id, asked: request)
        if case .final = declaration.concatenation {
            try await ingestion.beginFinal(declaration)
            return Response(status: .created, headers: [.location: location])
        }
        try await ingestion.begin(declaration)
        var headers: HTTPFields = [
            .location: location, .uploadExpires: HTTPDate.text(declaration.expiresAt),
        ]
        if hasContent || declaration.length == 0 {
            let progress = try await append(request, scope, to: declaration, at: 0)
            if hasContent { headers[.uploadOffset] = String(progress.offset) }
            if progress.isFinished { headers[.uploadExpires] = nil }
        }
        return Response(status: .created, headers: headers)
    }

    // MARK: The offset

    private func offset(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        if let known = try await own(scope) {
            if case .final = known.declaration.concatenation, known.received == nil {
                return try await unfinishedFinal(known.declaration)
            }
            if let upload = try await ingestion.settledUpload(known.declaration.id) { return Self.offset(of: upload) }
        }
        return try await finishedOffset(scope)
    }

    private static func offset(of upload: StoredUpload) -> Response {
        var headers: HTTPFields = [.uploadOffset: String(upload.offset), .cacheControl: "no-store"]
        if let length = upload.length {
            headers[.uploadLength] = String(length)
        } else {
            headers[.uploadDeferLength] = "1"
        }
        echo(upload.declaration, in: &headers)
        headers[.uploadExpires] = HTTPDate.text(upload.declaration.expiresAt)
        return Response(status: .ok, headers: headers)
    }

    /// Has no offset of its own until it is put together.
    private func unfinishedFinal(_ declaration: UploadDeclaration) async throws -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        headers[.uploadLength] = try await ingestion.length(ofFinal: declaration).map(String.init)
        Self.echo(declaration, in: &headers)
        return Response(status: .ok, headers: headers)
    }

    /// A finished upload stands at its end, unless it was refused: a client
    /// must not take that for success.
    private func finishedOffset(_ scope: SignedInScope) async throws -> Response {
        switch try await lookup.outcome(scope) {
        case .linked(let linked):
            let size = String(linked.artefact.size)
            var headers: HTTPFields = [.uploadOffset: size, .uploadLength: size, .cacheControl: "no-store"]
            if let id = lookup.id(scope), let ended = try await ingestion.ended(id), ended.owner == scope.principal {
                Self.echo(ended, in: &headers)
            }
            return Response(status: .ok, headers: headers)
        case .refused: return Response(status: .gone, headers: [.cacheControl: "no-store"])
        case nil: throw Problem.notFound
        }
    }

    /// What the client said at the creation, byte for byte.
    private static func echo(_ declaration: UploadDeclaration, in headers: inout HTTPFields) {
        headers[.uploadMetadata] = declaration.tusMetadata
        headers[.uploadConcat] = declaration.tusConcat
    }

    // MARK: Bytes

    private func append(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        try TusCreation.expectContentType(request)
        guard let position = request.headers[.uploadOffset].flatMap({ Int64($0) }), position >= 0 else {
            throw Problem.badRequest("“Upload-Offset” is the number of bytes that were confirmed.")
        }
        guard let upload = try await own(scope) else { return try await appendToFinished(request, scope, position) }
        let progress = try await append(request, scope, to: upload.declaration, at: position)
        var headers: HTTPFields = [.uploadOffset: String(progress.offset)]
        if !progress.isFinished { headers[.uploadExpires] = HTTPDate.text(upload.declaration.expiresAt) }
        return Response(status: .noContent, headers: headers)
    }

    private struct Progress {
        let offset: Int64
        let isFinished: Bool
    }

    private func append(
        _ request: Request, _ scope: SignedInScope, to declaration: UploadDeclaration, at position: Int64
    ) async throws -> Progress {
        let length = declaration.length == nil ? try TusCreation.length(in: request) : nil
        let append = AppendRequest(
            position: position, contentLength: request.contentLength, length: length, ending: .atLength,
            check: try TusChecksum.check(of: request, scope),
            mayFinish: { [declaring] in try await declaring.requireStill(declaration, by: scope) },
            preempt: scope.preempt)
        try await scope.invite(request)
        switch try await ingestion.append(request.body, to: declaration.id, append) {
        case .receiving(let offset): return Progress(offset: offset, isFinished: false)
        case .finished(.linked(let linked)): return Progress(offset: linked.artefact.size, isFinished: true)
        case .finished(.refused(let refusal)): throw Problem.refused(refusal)
        }
    }

    /// The client did not get the last answer, and asks again.
    private func appendToFinished(
        _ request: Request, _ scope: SignedInScope, _ position: Int64
    ) async throws -> Response {
        switch try await lookup.outcome(scope) {
        case .linked(let linked):
            if let id = lookup.id(scope), case .final? = try await ingestion.ended(id)?.concatenation {
                throw IngestionError.refused(.isFinal)
            }
            let size = linked.artefact.size
            guard position == size, request.contentLength == 0 else { throw Problem.finished(size) }
            return Response(status: .noContent, headers: [.uploadOffset: String(size)])
        case .refused(let refusal): throw Problem.refused(refusal)
        case nil: throw Problem.notFound
        }
    }

    // MARK: The end

    private func cancel(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        try TusVersion.expect(in: request)
        guard let upload = try await own(scope) else {
            guard try await lookup.outcome(scope) != nil else { throw Problem.notFound }
            throw Problem.isInStory
        }
        try await ingestion.cancel(upload.declaration.id, by: scope.principal)
        return Response(status: .noContent)
    }

    /// Not part of tus; sends to the bytes of a finished upload.
    private func content(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        guard case .linked(let linked)? = try await lookup.outcome(scope) else { throw Problem.notFound }
        return .redirect(to: "/v1/artefacts/\(linked.artefact.id)/content")
    }

    /// The caller's unfinished upload in the path.
    private func own(_ scope: SignedInScope) async throws -> StoredUpload? {
        guard let upload = try await lookup.upload(scope) else { return nil }
        guard upload.declaration.dialect == .tus else { throw Problem.otherProtocol }
        return upload
    }
}

extension Problem {
    static let emptyFile = Problem(
        .unprocessableContent, "empty-file", "Empty file",
        "The file is empty, so there is nothing to keep. Check the file and send it again.")

    /// Of a request to go on with what has come to its end.
    static func finished(_ size: Int64) -> Problem {
        Problem(
            .conflict, "mismatching-upload-offset", "Already finished",
            "The upload is complete with \(size) bytes. There is nothing left to send.",
            headers: [.uploadOffset: String(size)])
    }

    /// Of a request to cancel what is kept already.
    static let isInStory = Problem(
        .forbidden, "already-kept", "Already kept",
        "The upload is finished, and its file is in the child’s story. It cannot be cancelled any more.")

    static let otherProtocol = Problem(
        .badRequest, "other-protocol", "Begun by another protocol",
        "This upload was begun by another protocol. Go on with the one that it was begun by.")
}
