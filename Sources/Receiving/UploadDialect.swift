package import Artefacts

/// In which protocol a client sends an upload; it goes on as it began.
package enum UploadDialect: Hashable, Sendable, Codable {
    /// tus 1.0.0.
    case tus
    /// Resumable Uploads for HTTP, the draft of the IETF, by the interop
    /// version that the client speaks; `nil` where it did not say.
    case http(interop: Int?)
    /// One request or form, which begins again if it breaks off.
    case whole
}

/// What an upload is to others.
///
/// Source: tus 1.0.0, extension "concatenation".
package enum Concatenation: Hashable, Sendable, Codable {
    /// A piece of a file, which is none by itself.
    case partial
    /// A file made of the pieces in this order.
    case final([UploadID])
}
