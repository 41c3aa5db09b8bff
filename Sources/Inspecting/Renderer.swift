internal import DurableFiles
package import InspectionWire
package import Sealing
package import SystemPackage

/// Has derivatives made by `keepsake-renderer`, which forks a confined process
/// for each file.
///
/// What comes is untrusted: bounded, in an order that makes sense, and for no
/// kind that was not asked for. The plain bytes are on no disk.
package final class Renderer: Sendable {
    private let keyring: Keyring
    private let server: InspectionServer
    private let timeLimit: Duration
    private let places: Places

    /// - Parameters:
    ///   - executable: the renderer's program.
    ///   - keyring: opens the files, each of which a renderer gets with its own key alone.
    ///   - timeLimit: wall-clock time after which the work on one file is given up, with the time it waits for whoever
    ///     takes what it made.
    ///   - concurrency: files that are worked on at once; others wait in order.
    package init(
        executable: FilePath, keyring: Keyring, timeLimit: Duration = .seconds(1800), concurrency: Int = 1
    ) {
        self.keyring = keyring
        self.timeLimit = timeLimit
        places = Places(count: concurrency)
        // The renderer's own limits are behind the daemon's, which ends what it has given up.
        server = InspectionServer(
            executable: executable,
            arguments: InspectorArguments(timeLimit: timeLimit + .seconds(1), concurrency: concurrency * 2),
            givesWay: true)
    }

    /// Starts the renderer, so that the first file does not wait for it; else
    /// the first file starts it. A failure shows when something is made.
    package func start() async {
        await blocking { [server] in try? server.start() }
    }

    /// Makes derivatives of a sealed file, when and as fast as they are asked for.
    ///
    /// Nothing is begun before the first is asked for. To forget the iterator, or to cancel the
    /// task, ends the work.
    package func render(_ file: FilePath, _ order: RenderOrder) -> RenderEvents {
        RenderEvents { [self] in try await begin(file, order) }
    }

    private func begin(_ file: FilePath, _ order: RenderOrder) async throws -> RenderStream {
        await places.take()
        do {
            // Whoever asked may have gone while this waited.
            try Task.checkCancellation()
            let bytes = try order.encoded()
            let answer = try await blocking { [server, keyring] in
                try server.render(file, with: keyring, order: bytes)
            }
            return RenderStream(
                SocketEnd(answer), order: order, deadline: .now + timeLimit,
                answered: { [server] in server.answered() },
                timedOut: { [server] in await blocking { server.timedOut() } },
                ended: { [places] in places.giveBack() })
        } catch {
            places.giveBack()
            throw error is InspectionFailure || error is CancellationError ? error : InspectionFailure.notStarted
        }
    }
}
