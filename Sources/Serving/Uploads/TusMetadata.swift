internal import FoundationEssentials

/// The `Upload-Metadata` field: keys, each with a value in Base64.
///
/// Source: tus 1.0.0, extension "creation".
struct TusMetadata {
    /// The pairs in the order in which they came. Texts that are not UTF-8 are mended.
    let fields: FormFields

    /// Most bytes in the field.
    private static let maximumSize = 16 << 10

    /// Reads the field.
    ///
    /// - Throws: ``Problem`` with status 400 for a key twice, a key without a
    ///   name, or a value that is not Base64.
    init(parsing field: String) throws(Problem) {
        guard field.utf8.count <= Self.maximumSize else {
            throw .badRequest("“Upload-Metadata” has at most \(Self.maximumSize) bytes.")
        }
        var fields = FormFields()
        var names: Set<String> = []
        for pair in field.split(separator: ",") {
            let parts = pair.split(separator: " ")
            guard let key = parts.first, parts.count <= 2 else {
                throw .badRequest("“Upload-Metadata” holds pairs of a key and a value in Base64, with commas between.")
            }
            guard names.insert(String(key)).inserted else {
                throw .badRequest("“Upload-Metadata” has the key “\(key.prefix(64))” twice.")
            }
            guard let value = parts.count == 2 ? Data(base64Encoded: String(parts[1])) : Data() else {
                throw .badRequest("In “Upload-Metadata”, the value of “\(key.prefix(64))” is not Base64.")
            }
            fields.add(String(key), String(decoding: value, as: UTF8.self))
        }
        self.fields = fields
    }
}
