/// What clamd answered to INSTREAM. Pure.
///
/// Source: clamd(8); `clamd/session.c` and `clamd/scanner.c` of ClamAV 1.4.
struct ClamdAnswer {
    private let bytes: [UInt8]

    /// - Parameter bytes: all that came; the answer ends with a zero.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var result: ScanResult {
        guard !bytes.isEmpty else { return .notScanned(.stopped) }
        let printable: ClosedRange<UInt8> = 0x20...0x7E
        guard bytes.last == 0, bytes.dropLast().allSatisfy(printable.contains) else { return .notScanned(.nonsense) }
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        if text == "stream: OK" { return .clean }
        if text.hasPrefix("INSTREAM size limit exceeded") { return .notScanned(.tooLarge) }
        if text.hasPrefix("stream: "), text.hasSuffix(" FOUND") {
            return Self.found(text.dropFirst("stream: ".count).dropLast(" FOUND".count))
        }
        return .notScanned(text.hasSuffix("ERROR") ? .stopped : .nonsense)
    }

    /// With AlertExceedsMax, clamd gives what it left out the name of a signature.
    private static func found(_ signature: Substring) -> ScanResult {
        if signature.isEmpty { return .notScanned(.nonsense) }
        return signature.hasPrefix("Heuristics.Limits.Exceeded")
            ? .notScanned(.tooLarge) : .found(signature: String(signature))
    }
}
