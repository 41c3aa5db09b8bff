/// What an operator decides about the server.
package struct ServingSettings: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 picks a free one.
    package var port = 8080
    /// The address by which clients reach the daemon, where that differs.
    package var publicURL: String?
    /// Whether a proxy before the daemon says by which address clients asked.
    package var trustsForwarded = false
    /// How long a browser stays signed in.
    package var sessionLifetime: Duration = .seconds(12 * 3600)
    /// How long a connection may do nothing.
    package var idleTimeout: Duration = .seconds(120)

    package init() {}

    /// The address by which people reach the daemon that listens on `port`.
    package func baseURL(port: Int) -> String { publicURL ?? "http://\(host):\(port)" }

    /// The link by which the holder of a sign-in token signs in.
    package func signInLink(_ token: String, port: Int) -> String { baseURL(port: port) + "/sign-in?token=" + token }
}
