internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// `POST /v1/children/{child}/artefacts`: a file in one request, or a form with several.
struct WholeUploadController {
    let ingestion: Ingestion
    let declaring: Declaring
    let forms: FormIntake

    func add(to routes: some RouterMethods<SignedInScope>) {
        routes.post("/v1/children/{child}/artefacts", use: create)
    }

    private func create(_ request: Request, _ scope: SignedInScope) async throws -> Response {
        let child = try await scope.child({ .addArtefact(to: $0) }, in: declaring.catalogue).id
        if request.headers[.contentType]?.lowercased().hasPrefix("multipart/form-data") == true {
            return try Self.response(to: try await forms.take(request, to: child, by: scope), child)
        }
        return try await takeFile(request, child, scope)
    }

    private func takeFile(_ request: Request, _ child: ChildID, _ scope: SignedInScope) async throws -> Response {
        let fields = request.queryFields
        try fields.expect(only: FormFields.entryNames)
        guard request.contentLength != 0 else { throw Problem.emptyFile }
        let declaration = try await declaring.declaration(
            to: child, named: Self.fileName(request), type: request.headers[.contentType],
            words: try fields.entryWords(), length: request.contentLength, by: scope)
        var open = try await ingestion.openTransient(declaration.id, length: declaration.length)
        do {
            try await scope.invite(request)
            for try await buffer in request.body { try await ingestion.take(buffer, into: &open) }
            return try Self.response(to: try await ingestion.keep(open, as: declaration), child)
        } catch {
            await ingestion.drop(declaration.id)
            throw error
        }
    }

    private static func fileName(_ request: Request) -> String? {
        guard let field = request.headers[.contentDisposition] else { return nil }
        return HeaderParameters.extendedValue("filename*", in: field) ?? HeaderParameters.value("filename", in: field)
    }

    private static func response(to outcome: UploadOutcome, _ child: ChildID) throws -> Response {
        switch outcome {
        case .refused(let refusal): throw Problem.refused(refusal)
        case .linked(let linked):
            guard let added = AddedResponse(linked, on: child) else { throw Problem.failed }
            return try .json(
                added, status: .created,
                headers: [
                    .location: added.artefact.href,
                    .reprDigest: "sha-256=:\(Data(linked.artefact.digest.bytes).base64EncodedString()):",
                ])
        }
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
