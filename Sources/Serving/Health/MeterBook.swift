package import CoreMetrics
internal import Synchronization

/// Keeps in memory what the daemon counts and times, for ``Prometheus`` to write down.
///
/// No package for that is among those that Keepsake is built from.
package final class MeterBook: MetricsFactory {
    /// What is counted under one name with one set of labels.
    struct Key: Hashable, Comparable {
        let name: String
        /// As they are written: `{dialect="tus"}`, or nothing.
        let labels: String

        static func < (one: Key, other: Key) -> Bool { (one.name, one.labels) < (other.name, other.labels) }
    }

    /// What a meter is asked for by, which is less work to compare than to write down as a ``Key``.
    private struct Asked: Hashable {
        let label: String
        let dimensions: [String]

        init(_ label: String, _ dimensions: [(String, String)]) {
            self.label = label
            self.dimensions = dimensions.flatMap { [$0.0, $0.1] }
        }
    }

    private struct Meters {
        var askedCounters: [Asked: Count] = [:]
        var askedTimers: [Asked: Histogram] = [:]
        var counters: [Key: Count] = [:]
        var gauges: [Key: Gauge] = [:]
        var timers: [Key: Histogram] = [:]
    }

    private let meters = Mutex(Meters())

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let asked = Asked(label, dimensions)
        return meters.withLock { meters in
            if let known = meters.askedCounters[asked] { return known }
            let key = Key(name: Prometheus.name(label), labels: Prometheus.labels(dimensions))
            let counter = Self.found(key, in: &meters.counters, or: Count())
            meters.askedCounters[asked] = counter
            return counter
        }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let asked = Asked(label, dimensions)
        return meters.withLock { meters in
            if let known = meters.askedTimers[asked] { return known }
            let name = Prometheus.name(label)
            let key = Key(
                name: name.hasSuffix("_seconds") ? name : name + "_seconds", labels: Prometheus.labels(dimensions))
            let timer = Self.found(key, in: &meters.timers, or: Histogram())
            meters.askedTimers[asked] = timer
            return timer
        }
    }

    // A meter is kept to the end: what was counted once stays counted.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> Gauge {
        let key = Key(name: Prometheus.name(label), labels: Prometheus.labels(dimensions))
        return meters.withLock { Self.found(key, in: &$0.gauges, or: Gauge()) }
    }

    private static func found<Meter>(
        _ key: Key, in meters: inout [Key: Meter], or new: @autoclosure () -> Meter
    ) -> Meter {
        if let known = meters[key] { return known }
        let meter = new()
        meters[key] = meter
        return meter
    }

    /// Every meter as it stands.
    var readings: [Reading] {
        let meters = meters.withLock { $0 }
        return meters.counters.map { Reading(key: $0, value: .counter($1.value)) }
            + meters.gauges.map { Reading(key: $0, value: .gauge($1.value)) }
            + meters.timers.map { Reading(key: $0, value: .histogram($1.value)) }
    }

    struct Reading {
        enum Value {
            case counter(Int64)
            case gauge(Double)
            case histogram(Histogram.Value)
        }

        let key: Key
        let value: Value
    }
}

final class Count: CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Int64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }

    func reset() { count.store(0, ordering: .relaxed) }
}

final class Gauge: MeterHandler, RecorderHandler {
    private let level = Mutex(0.0)

    var value: Double { level.withLock { $0 } }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { level.withLock { $0 = value } }
    func increment(by amount: Double) { level.withLock { $0 += amount } }
    func decrement(by amount: Double) { level.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
}

/// How long things took.
final class Histogram: TimerHandler {
    struct Value {
        /// How many took no longer than each of ``bounds``, and how many there were.
        var counts = [Int64](repeating: 0, count: Histogram.bounds.count + 1)
        var nanoseconds: Int64 = 0
    }

    /// Seconds: from what is done in memory to what people wait for.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600]

    private let state = Mutex(Value())

    var value: Value { state.withLock { $0 } }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        let first = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock { state in
            for index in first..<state.counts.count { state.counts[index] += 1 }
            state.nanoseconds += duration
        }
    }
}
