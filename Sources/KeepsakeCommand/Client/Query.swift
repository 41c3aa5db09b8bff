import Artefacts

/// A query as it stands in a URL.
struct Query {
    private let fields: [(name: String, value: String)]

    /// Takes the fields that have a value.
    init(_ fields: [(String, String?)]) {
        self.fields = fields.compactMap { field in field.1.map { (field.0, $0) } }
    }

    var text: String {
        fields.isEmpty
            ? "" : "?" + fields.map { "\($0.name)=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&")
    }
}
