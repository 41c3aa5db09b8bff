internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// One page of a list.
struct ListResponse<Item: Encodable>: Encodable {
    let items: [Item]
    let next: String?

    private enum CodingKeys: String, CodingKey { case items, next }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        // Written as null at the end, so that clients need not ask whether it is there.
        try container.encode(next, forKey: .next)
    }

    /// The answer to a request for this page, which says where the next one is.
    ///
    /// Source: RFC 8288 for the `Link` field.
    func response(to request: Request) throws -> Response {
        guard let next else { return try .json(self) }
        let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
        let query = (kept.map(String.init) + ["cursor=\(next)"]).joined(separator: "&")
        return try .json(self, headers: [.link: "<\(request.uri.path)?\(query)>; rel=\"next\""])
    }
}
