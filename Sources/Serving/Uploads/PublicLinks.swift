internal import Artefacts
internal import HTTPTypes
internal import Hummingbird

/// Absolute links to this daemon, as its clients reach it.
struct PublicLinks: Sendable {
    /// The configured address, without a slash at its end; `nil`: as the client asked.
    let base: String?
    /// Whether a proxy before us says how the client asked.
    let trustsForwarded: Bool
    let hasTLS: Bool

    /// The URL of an upload by tus. Absolute, since some clients take no other.
    func upload(_ id: UploadID, asked request: Request) -> String { "\(origin(of: request))/uploads/\(id)" }

    /// The URL of an upload by HTTP's own means.
    func resumable(_ id: UploadID, asked request: Request) -> String { "\(origin(of: request))/v1/uploads/\(id)" }

    /// Whether browsers reach us by HTTPS alone.
    var isSecure: Bool { hasTLS || base?.hasPrefix("https://") == true }

    private func origin(of request: Request) -> String {
        if let base { return base }
        if trustsForwarded, let origin = forwardedOrigin(of: request) { return origin }
        guard let authority = request.head.authority else { return "" }
        return "\(hasTLS ? "https" : "http")://\(authority)"
    }

    /// What the nearest proxy says, the last in the list.
    ///
    /// Source: RFC 7239; `X-Forwarded-*` by custom.
    private func forwardedOrigin(of request: Request) -> String? {
        let fields = request.headers
        if let element = fields[values: .forwarded].last?.split(separator: ",").last {
            guard let host = HeaderParameters.value("host", in: element), Self.isAuthority(host) else { return nil }
            return "\(Self.scheme(HeaderParameters.value("proto", in: element)))://\(host)"
        }
        guard let host = fields[values: .xForwardedHost].last?.split(separator: ",").last.map({ String($0).trimmed }),
            Self.isAuthority(host)
        else { return nil }
        return "\(Self.scheme(fields[values: .xForwardedProto].last))://\(host)"
    }

    private static func scheme(_ name: String?) -> String { name?.lowercased() == "https" ? "https" : "http" }

    /// Whether it is a host with or without a port, and nothing else.
    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                    UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}
