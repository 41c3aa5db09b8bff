internal import ServiceLifecycle

/// Work done again and again that nobody waits for: while the daemon is busy it waits, but not for ever.
struct Deferring: Sendable {
    /// How long what there is to do may wait while the daemon is busy with what people wait for.
    let patience: Duration
    let isBusy: @Sendable () -> Bool

    private static let pause: Duration = .seconds(1)

    /// Does the work until the daemon stops.
    func run(_ work: @escaping @Sendable () async -> Void) async {
        await cancelWhenGracefulShutdown {
            var last = ContinuousClock.now
            while !Task.isCancelled {
                if !isBusy() || last.duration(to: .now) >= patience {
                    await work()
                    last = .now
                }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }
}
