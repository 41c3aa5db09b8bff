/// What the daemon tells the inspector when it starts it.
package struct InspectorArguments: Hashable, Sendable {
    /// Wall-clock time after which the process that looks at a file is killed.
    package let timeLimit: Duration
    /// Such processes that run at once; further requests wait.
    package let concurrency: Int

    package init(timeLimit: Duration, concurrency: Int) {
        self.timeLimit = timeLimit
        self.concurrency = concurrency
    }

    /// The words behind the program's name: milliseconds, then a number.
    package var words: [String] {
        let time = timeLimit.components
        let milliseconds = time.seconds * 1000 + time.attoseconds / 1_000_000_000_000_000
        return ["--time-limit", String(milliseconds), "--concurrency", String(concurrency)]
    }

    /// Reads the words; `nil` unless they are exactly what ``words`` writes.
    package init?(words: some Sequence<String>) {
        let words = Array(words)
        guard words.count == 4, words[0] == "--time-limit", words[2] == "--concurrency",
            let milliseconds = Int64(words[1]), milliseconds > 0, let concurrency = Int(words[3]), concurrency > 0
        else { return nil }
        self.init(timeLimit: .milliseconds(milliseconds), concurrency: concurrency)
    }
}
