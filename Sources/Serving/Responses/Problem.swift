internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// An answer that says what went wrong, and what to do about it.
///
/// Source: RFC 9457.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    /// The last part of the stable URI `/problems/…`, or a whole one.
    let type: String
    let title: String
    /// A sentence that tells the person what to do. Never a path, a secret or another child's data.
    let detail: String
    var headers: HTTPFields = [:]
    /// Further members that programs read, by their names.
    var members: [String: Int64] = [:]

    init(
        _ status: HTTPResponse.Status, _ type: String, _ title: String, _ detail: String, headers: HTTPFields = [:],
        members: [String: Int64] = [:]
    ) {
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.headers = headers
        self.members = members
    }

    /// The URI of the type.
    var typeURI: String { type.contains(":") ? type : "/problems/" + type }
}

/// The members of a problem as they go over the wire.
struct ProblemDocument: Encodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let instance: String?
    private let members: [String: Int64]

    init(_ problem: Problem, instance: String?) {
        type = problem.typeURI
        members = problem.members
        title = problem.title
        status = problem.status.code
        detail = problem.detail
        self.instance = instance
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(type, forKey: Key(stringValue: "type"))
        try container.encode(title, forKey: Key(stringValue: "title"))
        try container.encode(status, forKey: Key(stringValue: "status"))
        try container.encode(detail, forKey: Key(stringValue: "detail"))
        try container.encodeIfPresent(instance, forKey: Key(stringValue: "instance"))
        for (name, value) in members { try container.encode(value, forKey: Key(stringValue: name)) }
    }
}

extension Problem {
    /// The same with another status.
    func with(status: HTTPResponse.Status) -> Problem {
        Problem(status, type, title, detail, headers: headers, members: members)
    }

    static func contentType(_ wanted: String) -> Problem {
        Problem(
            .unsupportedMediaType, "content-type", "Another content type",
            "The bytes of an upload are sent here with “Content-Type: \(wanted)”.")
    }

    static func badRequest(_ detail: String) -> Problem {
        Problem(.badRequest, "bad-request", "The request cannot be understood", detail)
    }

    static let notSignedIn = Problem(
        .unauthorized, "not-signed-in", "Not signed in",
        "Send a valid token as “Authorization: Bearer …”, or open your sign-in link again.",
        headers: [.wwwAuthenticate: "Bearer"])

    static let notFound = Problem(
        .notFound, "not-found", "Not found",
        "There is nothing here that you may see. Check the address, or ask whoever sent it to you.")

    static func forbidden(permission: String) -> Problem {
        Problem(
            .forbidden, "forbidden", "Not allowed",
            "You may not do this: it takes the permission “\(permission)”. Ask whoever runs Keepsake for it.")
    }

    static let crossSite = Problem(
        .forbidden, "cross-site", "Sent from another site",
        "This request did not come from Keepsake’s own pages, so it was not carried out. Open Keepsake and try again there."
    )

    static func tooLarge(maximum: Int64) -> Problem {
        Problem(
            .contentTooLarge, "too-large", "Too large",
            "At most \(Wording.size(maximum)) are taken here. Send less, or ask whoever runs Keepsake to raise the limit.",
            members: ["maximum": maximum])
    }

    static let noSpace = Problem(
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "no-space", "No space left",
        "Keepsake’s disk is nearly full, so nothing more is taken in. What has arrived is safe. Please tell whoever runs Keepsake, and go on later.",
        headers: [.retryAfter: "300"])

    static let failed = Problem(
        .internalServerError, "failed", "Something went wrong",
        "Keepsake could not do this. What it had confirmed is safe. Please try again; if it goes on, tell whoever runs Keepsake."
    )
}
