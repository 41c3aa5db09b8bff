import Artefacts
import Receiving
import Testing

@Suite struct UploadRegistryTests {
    @Test(.timeLimit(.minutes(5)))
    func `a newer request ends the older one, and begins only after it`() async throws {
        let registry = UploadRegistry()
        let id = UploadID()
        let (ended, end) = AsyncStream<Void>.makeStream()
        let order = Notes()
        let (began, begin) = AsyncStream<Void>.makeStream()

        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await registry.holding(id, preempt: { end.finish() }) {
                    begin.finish()
                    for await _ in ended {}
                    await order.add("older is done")
                }
            }
            for await _ in began {}
            group.addTask {
                await registry.holding(id, preempt: {}) { await order.add("newer works") }
            }
        }

        #expect(await order.lines == ["older is done", "newer works"])
    }

    @Test(.timeLimit(.minutes(5)))
    func `however many come, one works at a time`() async throws {
        let registry = UploadRegistry()
        let id = UploadID()
        let working = Notes()

        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await registry.holding(id, preempt: {}) {
                        await working.add("works")
                        #expect(await working.lines.count == 1)
                        await Task.yield()
                        await working.clear()
                    }
                }
            }
        }

    }
}

/// What happened, in order.
private actor Notes {
    private(set) var lines: [String] = []

    func add(_ line: String) { lines.append(line) }

    func clear() { lines = [] }
}
