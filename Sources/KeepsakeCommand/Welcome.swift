import Artefacts
import FoundationEssentials
import Linking
import Logging
import Serving
import Storing

/// What the daemon says to the person who started it.
struct Welcome: Sendable {
    let root: StorageRoot
    let settings: Settings

    /// Says where the daemon listens and where the data lies; at the first
    /// start, also how a first worker signs in.
    func show(port: Int, catalogue: any Catalogue, logger: Logger) async {
        let base = settings.serving.baseURL(port: port)
        var lines = ["listening on \(settings.serving.ownURL(port: port))"]
        do {
            if try await !catalogue.hasCredentials() {
                let link = try await signInLink(port: port, in: catalogue)
                lines.append(
                    "first worker: open \(link) (works once, for \(settings.signInLifetime.components.seconds / 3600) hours)"
                )
            }
        } catch {
            logger.error("no sign-in link could be made: \(error)")
        }
        lines.append(
            "data lies in \(root.path); back it up with “keepsake backup”, and keep a copy of its root key elsewhere. Next: open \(base), or “keepsake token create --help”"
        )
        Output.lines(lines)
    }

    private func signInLink(port: Int, in catalogue: any Catalogue) async throws -> String {
        let secret = try await NewCredential(
            use: .signIn, role: .worker, name: "first-worker", lifetime: settings.signInLifetime
        ).keep(in: catalogue)
        return settings.serving.signInLink(secret, port: port)
    }
}
