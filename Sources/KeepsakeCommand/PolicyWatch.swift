import DurableFiles
import Glibc
import Inspecting
import Logging
import ServiceLifecycle
import UnixSignals

/// Takes over a changed formats policy: within seconds by itself, at once at SIGHUP.
struct PolicyWatch: Service {
    let policy: CurrentPolicy
    let logger: Logger

    private static let pause: Duration = .seconds(5)

    /// Runs until the daemon stops.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                // The hangup of a terminal still ends what was started on one.
                if isatty(STDIN_FILENO) == 0 {
                    group.addTask {
                        for await _ in await UnixSignalsSequence(trapping: .sighup) { await look() }
                    }
                }
                group.addTask {
                    while (try? await Task.sleep(for: Self.pause)) != nil { await look() }
                }
            }
        }
    }

    private func look() async {
        do {
            let isNew = try await blocking { [policy] in try policy.reload() }
            if isNew { logger.notice("the formats policy has changed: the new one is in force") }
        } catch {
            logger.error("the formats policy stays as it was: \(error)")
        }
    }
}
