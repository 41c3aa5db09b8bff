internal import HTTPTypes

extension HTTPField.Name {
    /// A name that is known to be one.
    private static func known(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(name.description) else { preconditionFailure("not a field name") }
        return name
    }

    static let methodOverride = known("X-HTTP-Method-Override")
    static let reprDigest = known("Repr-Digest")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
    static let referrerPolicy = known("Referrer-Policy")

    static let link = known("Link")

    static let tusResumable = known("Tus-Resumable")
    static let tusVersion = known("Tus-Version")
    static let tusExtension = known("Tus-Extension")
    static let tusMaxSize = known("Tus-Max-Size")
    static let uploadOffset = known("Upload-Offset")
    static let uploadLength = known("Upload-Length")
    static let uploadDeferLength = known("Upload-Defer-Length")
    static let uploadMetadata = known("Upload-Metadata")
    static let uploadConcat = known("Upload-Concat")
    static let uploadExpires = known("Upload-Expires")
    static let uploadChecksum = known("Upload-Checksum")
    static let tusChecksumAlgorithm = known("Tus-Checksum-Algorithm")

    static let uploadComplete = known("Upload-Complete")
    static let uploadLimit = known("Upload-Limit")
    static let uploadDraftInteropVersion = known("Upload-Draft-Interop-Version")
    static let acceptPatch = known("Accept-Patch")
    static let contentDigest = known("Content-Digest")

    static let forwarded = known("Forwarded")
    static let xForwardedProto = known("X-Forwarded-Proto")
    static let xForwardedHost = known("X-Forwarded-Host")
}
