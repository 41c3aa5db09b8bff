internal import Artefacts
internal import Hummingbird
internal import NIOCore

/// Named texts as a query or a form sends them; a name may come several times.
///
/// Source: WHATWG URL, `application/x-www-form-urlencoded`.
struct FormFields {
    private(set) var pairs: [(name: String, value: String)] = []

    init() {}

    /// Reads `a=1&b=2`; what is not UTF-8 is replaced.
    init(parsing text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            add(
                PercentEncoding.decoded(parts[0], plusIsSpace: true),
                parts.count > 1 ? PercentEncoding.decoded(parts[1], plusIsSpace: true) : "")
        }
    }

    mutating func add(_ name: String, _ value: String) { pairs.append((name, value)) }

    /// The first value of that name that is not empty.
    subscript(name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// All values of that name that are not empty.
    func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// Takes a field out, and answers its first value.
    mutating func remove(_ name: String) -> String? {
        let value = self[name]
        pairs.removeAll { $0.name == name }
        return value
    }

    /// The fields written as a query, without the empty ones.
    var query: String {
        pairs.filter { !$0.value.isEmpty }
            .map { PercentEncoding.encoded($0.name) + "=" + PercentEncoding.encoded($0.value) }
            .joined(separator: "&")
    }

    /// Refuses names that mean nothing here, so that a typo is never silently lost.
    func expect(only names: Set<String>) throws(Problem) {
        if let stranger = pairs.first(where: { !names.contains($0.name) }) {
            throw .badRequest("There is no field “\(stranger.name.prefix(64))” here.")
        }
    }
}

extension Request {
    /// The fields of the query.
    var queryFields: FormFields { FormFields(parsing: uri.query ?? "") }

    /// The fields of an urlencoded form.
    ///
    /// - Throws: ``Problem`` with status 413 if it has more bytes than that.
    func formFields(upTo limit: Int = 64 << 10) async throws -> FormFields {
        FormFields(parsing: String(buffer: try await smallBody(upTo: limit)))
    }

    /// A body that is small by nature.
    ///
    /// - Throws: ``Problem`` with status 413 if it has more bytes than that.
    func smallBody(upTo limit: Int = 64 << 10) async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(maximum: Int64(limit))
        }
    }
}
