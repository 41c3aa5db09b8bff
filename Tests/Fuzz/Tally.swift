import SystemPackage

/// Writes a line to standard output at once.
func say(_ line: String) {
    _ = try? FileDescriptor.standardOutput.writeAll((line + "\n").utf8)
}

/// What became of the files.
actor Tally {
    private var counts: [String: Int] = [:]
    private var slowest: [String: (time: Duration, mutation: Mutation)] = [:]
    private var files = 0
    private let began = ContinuousClock.now
    /// Whether Keepsake broke a promise: that a child of it crashed breaks none.
    private(set) var isBroken = false

    func count(_ what: String) { counts[what, default: 0] += 1 }

    func countFile() {
        files += 1
        if files.isMultiple(of: 10_000) { say("\(files) files in \(Self.text(began.duration(to: .now)))") }
    }

    /// Counts what is to be looked into, and says how to make the file again.
    func count(trouble: String, _ mutation: Mutation, of sample: Sample) {
        count(trouble)
        say("\(trouble): \(mutation) (\(sample.path))")
    }

    func count(brokenPromise: String, _ mutation: Mutation, of sample: Sample) {
        isBroken = true
        count(trouble: "BROKEN PROMISE: \(brokenPromise)", mutation, of: sample)
    }

    /// Notes how long something took that had to end within a limit.
    func note(_ what: String, _ time: Duration, within limit: Duration, _ mutation: Mutation, of sample: Sample) {
        if time > slowest[what]?.time ?? .zero { slowest[what] = (time, mutation) }
        // The time that the machine takes to kill and reap beside other work.
        if time > limit + .seconds(5) {
            count(brokenPromise: "\(what) for \(Self.text(time))", mutation, of: sample)
        }
    }

    /// Says all of it.
    func sayAll() {
        say("\(files) files in \(Self.text(began.duration(to: .now)))")
        for (what, count) in counts.sorted(by: { $0.key < $1.key }) { say("  \(count)\t\(what)") }
        for (what, (time, mutation)) in slowest.sorted(by: { $0.key < $1.key }) {
            say("  slowest, \(what): \(Self.text(time)), \(mutation)")
        }
    }

    private static func text(_ time: Duration) -> String { "\(Int(time / .milliseconds(1))) ms" }
}
