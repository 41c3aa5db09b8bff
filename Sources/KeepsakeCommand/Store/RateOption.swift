import ArgumentParser
import Preserving

/// How fast a command may read what is stored.
struct RateOption: ParsableArguments {
    @Option(help: ArgumentHelp("Read at most so many megabytes in a second.", valueName: "number"))
    var rate: Int?

    func validate() throws {
        if let rate, rate < 1 { throw ValidationError("--rate is at least 1.") }
    }

    var pace: Pace { Pace(bytesPerSecond: rate.map { Int64($0) * 1_000_000 }) }
}
