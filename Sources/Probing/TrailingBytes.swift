internal import InspectionWire
internal import Reading

/// What stands behind the end that a format has, or hides at its beginning.
///
/// A file that is two formats at once passes for the harmless one.
struct TrailingBytes {
    private static let large: Int64 = 64 << 10
    private static let searched = 64 << 10
    private static let programs: [[UInt8]] = [Array("MZ".utf8), Array("\u{7F}ELF".utf8), Array("#!/".utf8)]
    private static let others = ["%PDF-", "<html", "<script", "<?php", "PK\u{3}\u{4}", "Rar!\u{1A}\u{7}"]

    /// What is to be said of the bytes from `end` on.
    static func features(of file: FileBytes, behind end: Int64) -> Set<Feature> {
        guard end >= 0, end < file.size else { return [] }
        let start = file.read(at: end, count: searched)
        let first = start.firstIndex { $0 != 0 && $0 != 0xFF && $0 != 0x0A && $0 != 0x0D && $0 != 0x20 }
        // Writers fill up to whole blocks.
        guard let first else { return file.size - end > Int64(searched) ? [.trailingData, .largeTrailingData] : [] }
        var features: Set<Feature> = [.trailingData]
        if file.size - end > large { features.insert(.largeTrailingData) }
        let rest = Array(start[first...])
        if programs.contains(where: { rest.starts(with: $0) }) { features.formUnion([.polyglot, .embeddedProgram]) }
        if rest.containsAny(ofCaseless: others) || hasArchive(file, behind: end) { features.insert(.polyglot) }
        return features
    }

    /// A ZIP is found by its end, wherever it begins.
    static func hasArchive(_ file: FileBytes, behind start: Int64) -> Bool {
        let count = Int(min(file.size - start, 65_557))
        return count >= 22 && file.tail(count).lastIndex(of: "PK\u{5}\u{6}") != nil
    }

    /// Whether a picture's first bytes are also those of a page or a document.
    static func isPolyglot(_ head: [UInt8]) -> Bool {
        Array(head.prefix(4096)).containsAny(ofCaseless: ["%PDF-", "<html", "<script", "<!doctype html"])
    }
}
