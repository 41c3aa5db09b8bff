import ArgumentParser
import Foundation
import SystemPackage

/// Sends files made wrong to the programs that read such files behind their walls.
@main
struct ConfinedFuzz: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends files made wrong to the confined programs that read them.",
        subcommands: [Run.self, Make.self], defaultSubcommand: Run.self)
}

struct SampleOptions: ParsableArguments {
    @Option(help: "The folder of real files.")
    var samples = Sample.folder

    @Option(help: "Decides how they are made wrong.")
    var seed: UInt64 = 1
}

struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes one such file to standard output.")

    @OptionGroup var options: SampleOptions

    @Argument(help: "How it is made wrong.")
    var kind: Mutation.Kind

    @Argument(help: "Its number.")
    var number: Int

    func run() throws {
        let mutation = Mutation(kind: kind, seed: options.seed, number: number)
        FileHandle.standardOutput.write(Data(mutation.file(of: try Sample.all(in: options.samples)).bytes))
    }
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Has many such files read, and counts what becomes of them.")

    @OptionGroup var options: SampleOptions

    @Option(help: "Who is to read them.")
    var work = Fuzzing.Work.both

    @Option(help: "How many files of changed bytes.")
    var mutations = 1000

    @Option(help: "How many files of each sample end too early.")
    var truncations = 0

    @Option(help: "The first number.")
    var first = 0

    @Option(help: "How many are read at once.")
    var concurrency = 4

    @Option(help: "Seconds after which no further file is begun.")
    var seconds = 86_400

    @Option(help: "The folder of the programs that read them; that of this program, unless said.")
    var programs: String?

    func run() async throws {
        let tally = Tally()
        try await fuzz(tally)
        await tally.sayAll()
        await sayMemory()
        if await tally.isBroken { throw ExitCode.failure }
    }

    private func fuzz(_ tally: Tally) async throws {
        let samples = try Sample.all(in: options.samples)
        say("\(samples.count) samples")
        let fuzzing = try await Fuzzing(
            work, samples: samples, programs: try programFolder(), concurrency: concurrency, tally: tally)
        let end = ContinuousClock.now + .seconds(seconds)
        let queue = Queue(all(of: samples.count))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<concurrency {
                group.addTask {
                    while ContinuousClock.now < end, let mutation = queue.next() {
                        try await fuzzing.run(mutation)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func all(of sampleCount: Int) -> [Mutation] {
        [(Mutation.Kind.changed, mutations), (.cut, truncations * sampleCount)].flatMap { kind, count in
            (first..<first + count).map { Mutation(kind: kind, seed: options.seed, number: $0) }
        }
    }

    private func programFolder() throws -> FilePath {
        if let programs { return FilePath(programs) }
        return FilePath(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .removingLastComponent()
    }

    /// The most that one process had: of this one, which is the daemon's side, and of all that it had started, whose
    /// own children count too once both have been reaped.
    private func sayMemory() async {
        let patience = ContinuousClock.now + .seconds(5)
        while waitpid(-1, nil, WNOHANG) >= 0, ContinuousClock.now < patience {
            try? await Task.sleep(for: .milliseconds(10))
        }
        let (confined, own) = (Self.mebibytes(RUSAGE_CHILDREN), Self.mebibytes(RUSAGE_SELF))
        say("  at most \(confined) MiB in a confined process, \(own) MiB in this one")
    }

    private static func mebibytes(_ whose: __rusage_who) -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(whose.rawValue), &usage)
        return usage.ru_maxrss >> 10
    }
}
