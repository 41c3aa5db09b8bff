internal import FoundationEssentials

/// Where the next page of a list begins, as text that means nothing to clients.
enum PageCursor {
    /// Base64 for URLs, without padding.
    static func text(of cursor: some Encodable) throws -> String {
        try JSONEncoder().encode(cursor).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// - Throws: ``Problem`` with status 400 for text that did not come from here.
    static func parse<Cursor: Decodable>(_ text: String, as: Cursor.Type = Cursor.self) throws(Problem) -> Cursor {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64),
            let cursor = try? JSONDecoder().decode(Cursor.self, from: data)
        else { throw .badRequest("This cursor did not come from here. Begin again without one.") }
        return cursor
    }

    /// Reads `limit`, 1 to 200, 50 if it is not given.
    static func limit(_ fields: FormFields) throws(Problem) -> Int {
        guard let text = fields["limit"] else { return 50 }
        guard let limit = Int(text), (1...200).contains(limit) else {
            throw .badRequest("“limit” is a number from 1 to 200.")
        }
        return limit
    }
}
