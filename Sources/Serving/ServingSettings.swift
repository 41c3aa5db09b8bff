/// What an operator decides about the server.
package struct ServingSettings: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 picks a free one.
    package var port = 8080
    /// For connections with TLS; `nil`: a proxy before the daemon has it, or nobody.
    package var tls: TLSFiles?
    /// The address by which clients reach the daemon, where that differs.
    package var publicURL: String?
    /// Whether a proxy before the daemon says by which address clients asked.
    package var trustsForwarded = false
    /// Origins whose pages may use the API, such as `https://case.example`.
    package var allowedOrigins: Set<String> = []
    /// How long a browser stays signed in.
    package var sessionLifetime: Duration = .seconds(12 * 3600)
    /// How long a connection may do nothing.
    package var idleTimeout: Duration = .seconds(120)

    /// Bytes in a second that a client which is sending must come to, on
    /// average over a while; 0: none.
    package var minimumRate = 100

    package init() {}

    /// The address by which people reach the daemon that listens on `port`.
    package func baseURL(port: Int) -> String { publicURL ?? ownURL(port: port) }

    /// The address that the daemon which listens on `port` listens on.
    package func ownURL(port: Int) -> String { "\(tls == nil ? "http" : "https")://\(host):\(port)" }

    /// The link by which the holder of a sign-in token signs in.
    package func signInLink(_ token: String, port: Int) -> String { baseURL(port: port) + "/sign-in?token=" + token }
}
