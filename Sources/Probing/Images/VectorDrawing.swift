internal import Artefacts
internal import InspectionWire
internal import Reading

/// An SVG, and what in it would run or fetch something if a browser showed it.
///
/// Source: SVG 2, sections 2.2 and 14; HTML for the names of event attributes.
enum VectorDrawing {
    private static let maximumRead = 8 << 20
    private static let maximumElements = 200_000
    private static let running = [
        "<script", ":script", "foreignobject", "javascript:", "data:text/", "data:image/svg", "<iframe", "<handler",
    ]
    private static let fetching = [
        "href=\"http", "href='http", "href=\"//", "href='//", "href=\"file:", "href=\"ftp", "url(http", "url(\"http",
        "url('http", "@import",
    ]

    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding {
        var finding = FormatFinding("image/svg+xml", puid: puid(sample.lower))
        // Without spaces around equal signs, and in small letters.
        let bytes = file.read(at: 0, count: maximumRead).map { ($0 >= 0x41 && $0 <= 0x5A) ? $0 | 0x20 : $0 }
        let tight = bytes.filter { $0 > 0x20 && $0 != 0 }
        if running.contains(where: { tight.contains(text: $0) }) || hasEvents(bytes) {
            finding.features.insert(.script)
        }
        if fetching.contains(where: { tight.contains(text: $0) }) { finding.features.insert(.externalContent) }
        if bytes.contains(text: "<!entity") { finding.features.insert(.documentType) }
        if bytes.count(where: { $0 == UInt8(ascii: "<") }) > maximumElements { finding.features.insert(.tooManyParts) }
        return finding
    }

    /// An attribute such as `onload=`.
    private static func hasEvents(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while let place = bytes.firstIndex(of: "on", from: index) {
            index = place + 2
            guard place > 0, bytes[place - 1] <= 0x20 || [0x22, 0x27, 0x2F].contains(bytes[place - 1]) else { continue }
            let name = bytes[index...].prefix(32).prefix { (0x61...0x7A).contains($0) }
            let next = bytes[name.endIndex...].prefix(16).first { $0 > 0x20 }
            if !name.isEmpty, next == UInt8(ascii: "=") { return true }
        }
        return false
    }

    /// Source: DROID V122.
    private static func puid(_ lower: Substring) -> PUID? {
        guard let start = lower.firstRange(of: "<svg") ?? lower.firstRange(of: ":svg") else { return nil }
        let element = lower[start.upperBound...].prefix { $0 != ">" }
        if element.contains("baseprofile=\"tiny\"") { return "fmt/413" }
        if element.contains("version=\"1.0\"") { return "fmt/91" }
        return element.contains("version=\"1.1\"") ? "fmt/92" : nil
    }
}
