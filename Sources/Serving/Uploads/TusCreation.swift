internal import Artefacts
internal import HTTPTypes
internal import Hummingbird
internal import Linking
internal import Receiving

/// What a client says when it begins an upload by tus.
///
/// Source: tus 1.0.0, extensions "creation", "creation-defer-length" and "concatenation".
struct TusCreation {
    private let metadata: String?
    private let fields: FormFields
    private let concat: String?
    private let concatenation: Concatenation?
    private let length: Int64?

    private static let contentType = "application/offset+octet-stream"

    /// - Throws: ``Problem`` with status 400, or 422 for an empty file.
    init(_ request: Request) throws(Problem) {
        metadata = request.headers[.uploadMetadata]
        fields = try TusMetadata(parsing: metadata ?? "").fields
        concat = request.headers[.uploadConcat]
        concatenation = try concat.map(TusConcat.parse)
        length = try Self.length(in: request)
        let deferral = request.headers[.uploadDeferLength]
        guard deferral == nil || deferral == "1" else { throw .badRequest("“Upload-Defer-Length” is 1 or absent.") }
        if case .final? = concatenation {
            guard length == nil, deferral == nil else {
                throw .badRequest("A final upload has the length of its pieces: leave “Upload-Length” out.")
            }
        } else {
            guard (length == nil) != (deferral == nil) else {
                throw .badRequest("Say either “Upload-Length”, the number of bytes, or “Upload-Defer-Length: 1”.")
            }
            if length == 0, concatenation == nil { throw .emptyFile }
        }
    }

    /// `Upload-Length`, if it is there.
    static func length(in request: Request) throws(Problem) -> Int64? {
        guard let field = request.headers[.uploadLength] else { return nil }
        guard let length = Int64(field), length >= 0 else {
            throw .badRequest("“Upload-Length” is the number of bytes in the file.")
        }
        return length
    }

    /// Checks that bytes may come with the creation.
    func expectContent(_ request: Request) throws(Problem) {
        if case .final? = concatenation {
            throw Problem(
                .forbidden, "final-upload", "Put together from others",
                "A final upload is put together from others, and takes no bytes of its own.")
        }
        try Self.expectContentType(request)
    }

    static func expectContentType(_ request: Request) throws(Problem) {
        guard request.headers[.contentType] == contentType else {
            throw Problem.contentType(contentType)
        }
    }

    func declaration(_ declaring: Declaring, _ scope: SignedInScope) async throws -> UploadDeclaration {
        var id = UploadID()
        if case .final(let pieces)? = concatenation { id = TusConcat.name(of: pieces, by: scope.principal, metadata) }
        return try await declaring.declaration(
            Declaring.Said(
                id: id, dialect: .tus, child: try child(scope), fileName: fields["filename"] ?? fields["name"],
                type: fields["filetype"] ?? fields["type"], words: try fields.entryWords(),
                times: try fields.declaredTimes(), tusMetadata: metadata, tusConcat: concat,
                concatenation: concatenation, length: length),
            by: scope)
    }

    /// The child that the metadata names; a piece of a file need not name one.
    private func child(_ scope: SignedInScope) throws(Problem) -> ChildID? {
        guard let text = fields["child"] else {
            if let own = scope.principal.role.child { return own }
            if concatenation == .partial { return nil }
            throw .badRequest("“Upload-Metadata” must name the child: the key “child” with the child’s id.")
        }
        guard let id = ChildID(parsing: text) else { throw .notFound }
        return id
    }
}
