/// The text format of Prometheus, version 0.0.4.
///
/// Source: prometheus.io, "Exposition formats".
enum Prometheus {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A name with nothing in it but letters, digits and underscores.
    static func name(_ label: String) -> String {
        String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// The labels of one meter, in the order of their names.
    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.sorted { $0.0 < $1.0 }.map { "\(name($0.0))=\"\(escaped($0.1))\"" }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    /// Writes readings down, those of one name together.
    static func text(_ readings: [MeterBook.Reading]) -> String {
        var text = ""
        var last = ""
        for reading in readings.sorted(by: { $0.key < $1.key }) {
            let (name, labels) = (reading.key.name, reading.key.labels)
            if name != last { text += "# TYPE \(name) \(type(reading.value))\n" }
            last = name
            switch reading.value {
            case .counter(let count): text += "\(name)\(labels) \(count)\n"
            case .gauge(let level): text += "\(name)\(labels) \(number(level))\n"
            case .histogram(let value): text += lines(name, labels, value)
            }
        }
        return text
    }

    private static func type(_ value: MeterBook.Reading.Value) -> String {
        switch value {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func lines(_ name: String, _ labels: String, _ value: Histogram.Value) -> String {
        let inner = labels.dropFirst().dropLast()
        let bounds = Histogram.bounds.map { number($0) } + ["+Inf"]
        let buckets = zip(bounds, value.counts).map { bound, count in
            "\(name)_bucket{\(inner)\(inner.isEmpty ? "" : ",")le=\"\(bound)\"} \(count)\n"
        }
        return buckets.joined() + "\(name)_sum\(labels) \(Double(value.nanoseconds) / 1e9)\n"
            + "\(name)_count\(labels) \(value.counts.last ?? 0)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
