internal import Artefacts
internal import Hummingbird
internal import Ingesting
internal import Linking
internal import Receiving

/// Takes the files of a form, which a browser sends in one request without scripts.
struct FormIntake {
    let ingestion: Ingestion
    let declaring: Declaring

    /// Most bytes in all fields of a form together.
    private static let maximumFieldSize = 64 << 10

    /// Takes every part named `file`, and links each with the form's fields.
    ///
    /// - Throws: ``Problem``; nothing of the form is kept then.
    func take(_ request: Request, to child: ChildID, by scope: SignedInScope) async throws -> [UploadOutcome] {
        guard var parser = MultipartParser(contentType: request.headers[.contentType] ?? "") else {
            throw Problem.badRequest("The form’s content type has no usable boundary.")
        }
        var form = Form()
        do {
            try await scope.invite(request)
            for try await buffer in request.body {
                for event in try parser.take(buffer) { try await apply(event, to: &form, scope) }
            }
            guard parser.isFinished else { throw IngestionError.interrupted }
            return try await finish(&form, child, scope)
        } catch {
            for file in form.files { await ingestion.drop(file.id) }
            throw error
        }
    }

    /// What has come so far.
    private struct Form {
        var fields = FormFields()
        var fieldSize = 0
        var files: [File] = []
        var part: Part = .ignored
    }

    private struct File {
        let id: UploadID
        let head: MultipartHead
        var open: OpenUpload
    }

    /// The part that is coming in.
    private enum Part {
        case field(name: String, value: ByteBuffer)
        /// The last of the form's files.
        case file
        case ignored
    }

    private func apply(
        _ event: MultipartParser.Event, to form: inout Form, _ scope: SignedInScope
    ) async throws {
        switch (event, form.part) {
        case (.part(let head), _):
            if head.fileName == nil {
                form.part = .field(name: head.name, value: ByteBuffer())
            } else if head.name == "file", head.fileName?.isEmpty == false {
                let id = UploadID()
                let open = try await ingestion.openTransient(id, from: scope.principal, length: nil)
                form.files.append(File(id: id, head: head, open: open))
                form.part = .file
            } else {
                // A file field that was left empty comes as a file without a name.
                form.part = .ignored
            }
        case (.bytes(var bytes), .field(let name, var value)):
            form.fieldSize += bytes.readableBytes
            guard form.fieldSize <= Self.maximumFieldSize else {
                throw Problem.tooLarge(maximum: Int64(Self.maximumFieldSize))
            }
            value.writeBuffer(&bytes)
            form.part = .field(name: name, value: value)
        case (.bytes(let bytes), .file):
            try await ingestion.take(bytes, into: &form.files[form.files.count - 1].open)
        case (.end, .field(let name, let value)):
            form.fields.add(name, String(buffer: value))
        case (.end, .file):
            try await form.files[form.files.count - 1].open.flush()
        case (.bytes, .ignored), (.end, .ignored):
            break
        }
    }

    private func finish(_ form: inout Form, _ child: ChildID, _ scope: SignedInScope) async throws -> [UploadOutcome] {
        guard !form.files.isEmpty else {
            throw Problem.badRequest("The form has no file. Choose one and send it again.")
        }
        try form.fields.expect(only: FormFields.entryNames)
        let (words, times) = (try form.fields.entryWords(), try form.fields.declaredTimes())
        var outcomes: [UploadOutcome] = []
        while let file = form.files.first {
            let declaration = try await declaring.declaration(
                Declaring.Said(
                    id: file.id, dialect: .whole, child: child, fileName: file.head.fileName,
                    type: file.head.contentType, words: words, times: times, length: nil),
                by: scope)
            try await declaring.requireStill(declaration, by: scope)
            outcomes.append(try await ingestion.keep(file.open, as: declaration))
            form.files.removeFirst()
        }
        return outcomes
    }
}
