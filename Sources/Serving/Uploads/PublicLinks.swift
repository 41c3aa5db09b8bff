internal import Artefacts
internal import Hummingbird

/// Absolute links to this daemon, as its clients reach it.
struct PublicLinks: Sendable {
    /// The configured address, without a slash at its end; `nil`: as the client asked.
    let base: String?

    /// The URL of an upload. Absolute, since some tus clients take no other.
    func upload(_ id: UploadID, asked request: Request) -> String {
        let origin = base ?? request.head.authority.map { "http://\($0)" } ?? ""
        return "\(origin)/uploads/\(id)"
    }

    /// Whether browsers reach us by HTTPS alone.
    var isSecure: Bool { base?.hasPrefix("https://") == true }
}
