internal import Artefacts
internal import InspectionWire
internal import Reading

/// JSON and tables in text.
///
/// Source: RFC 8259; RFC 4180.
enum DataText {
    private static let maximumRead = 16 << 20

    static func finding(in file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        json(file, sample) ?? table(sample)
    }

    private static func json(_ file: FileBytes, _ sample: TextSample) -> FormatFinding? {
        guard let first = sample.lower.first, first == "{" || first == "[" else { return nil }
        let second = sample.lower.dropFirst().first { !$0.isWhitespace }
        guard let second, first == "{" ? second == "\"" || second == "}" : "[{\"]-0123456789tfn".contains(second) else {
            return nil
        }
        // A line of a chat also begins with a bracket: `[01.05.2026, 14:30] Sam: …`.
        let depth = depth(file.read(at: 0, count: maximumRead))
        guard let depth, first == "{" || depth.isClean else { return nil }
        var finding = FormatFinding("application/json", puid: "fmt/817")
        if file.size <= maximumRead { finding.wholeness = .whole(depth.end == 0, or: "brackets are left open") }
        // What Google puts beside each photo that is taken out.
        if sample.lower.contains("\"phototakentime\"") {
            let note = TakeoutNote(file.read(at: 0, count: maximumRead))
            finding.features.insert(.sidecar)
            (finding.position, finding.hasPosition) = (note.position, note.hasPosition)
        }
        return finding
    }

    /// How many brackets are open at the end; `nil` where they close what was never open.
    private static func depth(_ bytes: [UInt8]) -> (end: Int, isClean: Bool)? {
        var open: [UInt8] = []
        var isString = false
        var isEscaped = false
        var isClean = true
        for byte in bytes {
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isString = false
                }
                continue
            }
            switch byte {
            case 0x22: isString = true
            case 0x7B, 0x5B: open.append(byte)
            case 0x7D, 0x5D:
                guard let last = open.popLast(), last == byte - 2 else { return nil }
            case 0x00...0x20, 0x2C, 0x3A, 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x45, 0x61...0x7A, 0xEF, 0xBB, 0xBF: break
            default: isClean = false
            }
            if open.isEmpty, byte > 0x20, byte != 0x5D, byte != 0x7D, ![0xEF, 0xBB, 0xBF].contains(byte) {
                isClean = false
            }
        }
        return (open.count + (isString ? 1 : 0), isClean)
    }

    /// Lines that all have the same number of the same mark.
    private static func table(_ sample: TextSample) -> FormatFinding? {
        let lines = sample.lines.prefix(20).dropLast(
            sample.lines.count > 20 ? 0 : sample.text.last?.isNewline == true ? 0 : 1)
        guard lines.count >= 2 else { return nil }
        for mark in [",", ";", "\t"] as [Character] {
            let counts = lines.map { count(mark, in: $0) }
            if let first = counts.first, first >= 2, counts.allSatisfy({ $0 == first }) {
                return FormatFinding("text/csv", puid: "x-fmt/18")
            }
        }
        return nil
    }

    private static func count(_ mark: Character, in line: Substring) -> Int {
        var isQuoted = false
        return line.count { character in
            if character == "\"" { isQuoted.toggle() }
            return character == mark && !isQuoted
        }
    }
}
