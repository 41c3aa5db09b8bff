import FoundationEssentials

/// What the API answers, as far as the commands show it.
enum Answers {
    struct List<Item: Decodable>: Decodable {
        let items: [Item]
        let next: String?
    }

    struct Child: Decodable {
        let id: String
        let preferredName: String
        let pronouns: String?
    }

    struct Entry: Decodable {
        struct Happened: Decodable {
            let at: String
        }
        struct Artefact: Decodable {
            let id: String
            let kind: String
            let mimeType: String
            let fileName: String
            let state: String
            let size: Int64
        }
        let id: String
        let happened: Happened
        let caption: String?
        let artefact: Artefact
    }

    /// An entry that was found.
    struct Found: Decodable {
        struct Piece: Decodable {
            let text: String
            let isMatch: Bool
        }
        let entry: Entry
        let snippet: [Piece]

        private enum CodingKeys: String, CodingKey { case snippet }

        init(from decoder: any Decoder) throws {
            entry = try Entry(from: decoder)
            snippet = try decoder.container(keyedBy: CodingKeys.self).decode([Piece].self, forKey: .snippet)
        }
    }

    struct Artefact: Decodable {
        let id: String
        let fileName: String
        let mimeType: String
        let state: String
        let reasons: [String]
    }

    struct Upload: Decodable {
        struct Problem: Decodable {
            let detail: String
        }
        let state: String
        let artefact: String?
        let problem: Problem?
    }

    static func decode<Answer: Decodable>(_ type: Answer.Type, from body: Data) throws -> Answer {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw ClientError.unexpected("\(error)")
        }
    }

    /// A body as it came, for `--json`.
    static func show(_ body: Data) { Output.lines([String(decoding: body, as: UTF8.self)]) }
}
