internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// `POST /v1/children/{child}/artefacts`: a file in one request, a form with
/// several, or the beginning of an upload that can be gone on with.
struct WholeUploadController {
    let ingestion: Ingestion
    let declaring: Declaring
    let forms: FormIntake
    let resumable: ResumableController

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.post("/v1/children/{child}/artefacts", use: create)
    }

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .addArtefact(to: $0) }, in: declaring.catalogue).id
        if request.headers[.contentType]?.lowercased().hasPrefix("multipart/form-data") == true {
            return try Self.response(to: try await forms.take(request, to: child, by: scope), child)
        }
        let said = try Self.said(of: child, request)
        let asked = ResumableRequest(request)
        // Without interim answers a client that sends all at once never learns where to go on.
        if let isComplete = asked.isComplete, !isComplete || asked.version != nil {
            return try await resumable.create(request, said, scope)
        }
        var response = try await takeFile(request, said.announcing(request.contentLength), scope)
        if asked.isComplete != nil { response.headers[.uploadComplete] = "?1" }
        return response
    }

    private func takeFile(_ request: Request, _ said: Declaring.Said, _ scope: SignedInScope) async throws -> Response {
        guard request.contentLength != 0 else { throw Problem.emptyFile }
        let declaration = try await declaring.declaration(said, by: scope)
        let check = try ContentDigest.check(of: request, scope)
        var open = try await ingestion.openTransient(declaration)
        do {
            try await scope.invite(request)
            try await ingestion.take(request.body, into: &open, checking: check)
            try await declaring.requireStill(declaration, by: scope)
            switch try await ingestion.keep(open, as: declaration) {
            case .refused(let refusal): throw Problem.refused(refusal)
            case .linked(let linked): return try AddedResponse.response(to: linked)
            }
        } catch {
            await ingestion.drop(declaration.id)
            throw error
        }
    }

    private static func said(of child: ChildID, _ request: Request) throws -> Declaring.Said {
        let fields = request.queryFields
        try fields.expect(only: FormFields.entryNames)
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType, "content-coding", "Another content coding",
                "Files are kept as they are: send it without “Content-Encoding”.",
                headers: [.acceptEncoding: "identity"])
        }
        let asked = ResumableRequest(request)
        return Declaring.Said(
            dialect: asked.isComplete == nil ? .whole : .http(interop: asked.version), child: child,
            fileName: fileName(request), type: request.headers[.contentType], words: try fields.entryWords(),
            times: try fields.declaredTimes(), digest: try ContentDigest.ofWhole(request), length: nil)
    }

    private static func fileName(_ request: Request) -> String? {
        guard let field = request.headers[.contentDisposition] else { return nil }
        return HeaderParameters.extendedValue("filename*", in: field) ?? HeaderParameters.value("filename", in: field)
    }

    /// A form is answered with what became of each of its files; if none was
    /// taken, with the reason.
    private static func response(to outcomes: [UploadOutcome], _ child: ChildID) throws -> Response {
        let items = outcomes.compactMap { FormItemResponse($0, child) }
        if !items.contains(where: \.isAdded), case .refused(let refusal)? = outcomes.first {
            throw Problem.refused(refusal)
        }
        return try .json(ListResponse(items: items, next: nil), status: .created)
    }
}

/// What became of one file of a form: what was added, or why not.
private enum FormItemResponse: Encodable {
    case added(AddedResponse)
    case refused(ProblemDocument)

    private enum CodingKeys: String, CodingKey { case problem }

    init?(_ outcome: UploadOutcome, _ child: ChildID) {
        switch outcome {
        case .linked(let linked):
            guard let added = AddedResponse(linked, on: child) else { return nil }
            self = .added(added)
        case .refused(let refusal):
            self = .refused(ProblemDocument(Problem.refused(refusal), instance: nil))
        }
    }

    var isAdded: Bool {
        if case .added = self { true } else { false }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .added(let added): try added.encode(to: encoder)
        case .refused(let problem):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(problem, forKey: .problem)
        }
    }
}
