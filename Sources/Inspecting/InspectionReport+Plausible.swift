internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

extension InspectionReport {
    /// Whether the report can be believed to be one: it comes from a process
    /// that has read untrusted bytes.
    var isPlausible: Bool {
        let texts =
            media.codecs + dates.map(\.raw) + tools.flatMap { [$0.key, $0.value] }
            + [device?.make, device?.model, device?.software].compactMap(\.self)
        return texts.allSatisfy { $0.utf8.count <= 512 } && media.isPlausible && dates.count <= Self.maximumDates
            && dates.allSatisfy(\.isPlausible) && tools.count <= 20
    }
}

extension Media {
    fileprivate var isPlausible: Bool {
        let pixels = 0...1_000_000
        return width.map(pixels.contains) ?? true && height.map(pixels.contains) ?? true
            && orientation.map((1...8).contains) ?? true && codecs.count <= 64
            && duration.map { $0.isFinite && $0 >= 0 && $0 < 1e9 } ?? true
    }
}

extension DateEvidence {
    fileprivate var isPlausible: Bool {
        abs(at.timeIntervalSince1970) < 3e11 && offset.map { abs($0) <= 14 * 3600 } ?? true
    }
}
