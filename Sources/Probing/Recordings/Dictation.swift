internal import Artefacts
internal import InspectionWire
internal import Reading

/// The dictation formats of Olympus and Philips.
///
/// Source: DROID V122, fmt/1007 and fmt/1008; an encrypted recording begins with `enc` in the same place.
enum Dictation {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let first = head.first, (1...6).contains(first) else { return nil }
        if head.has("dss", at: 1) { return FormatFinding("audio/x-dss", puid: "fmt/1007") }
        if head.has("ds2", at: 1) { return FormatFinding("audio/x-dss", puid: "fmt/1008") }
        guard head.has("enc", at: 1) else { return nil }
        var finding = FormatFinding("audio/x-dss")
        finding.features.insert(.passwordLocked)
        return finding
    }
}
