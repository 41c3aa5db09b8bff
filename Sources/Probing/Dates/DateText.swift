internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire

/// Reads dates as files write them.
///
/// One reader for all that begin with the year: EXIF (`2026:05:01 14:30:15`),
/// RFC 3339 and its shorter forms (XMP, ID3, Vorbis, office documents), and PDF
/// (`D:20260501143015+01'00'`); and one for those that name the month.
///
/// Source: EXIF 2.32; XMP part 1, 8.2.1.2; ISO 32000-1, 7.9.4; RFC 5322, 3.3; ID3v2.4 structure, section 4.
enum DateText {
    private static let maximumSize = 64

    /// The date in a text, or `nil` where the text is blank.
    ///
    /// What holds no possible date is evidence too: its instant is ``DateEvidence/impossible``.
    static func evidence(
        _ text: String, _ source: CaptureDate.Source, _ meaning: DateEvidence.Meaning = .created
    ) -> DateEvidence? {
        let raw = String(text.prefix(maximumSize)).filter { $0 != "\0" }
        guard raw.contains(where: { !$0.isWhitespace && $0 != ":" }) else { return nil }
        let date = (numbers(raw) ?? named(raw)).flatMap { $0.isPossible ? $0 : nil }
        return DateEvidence(
            raw: raw, source: source, at: date?.at ?? DateEvidence.impossible, offset: date?.offset,
            precision: date?.precision ?? .second, meaning: meaning)
    }

    /// The date of an instant that a file has as a number.
    static func evidence(
        _ instant: Date, _ source: CaptureDate.Source, _ meaning: DateEvidence.Meaning = .created
    ) -> DateEvidence {
        DateEvidence(raw: WrittenDate.text(of: instant), source: source, at: instant, offset: 0, meaning: meaning)
    }

    /// `+01:00`, `+0100`, `+01'00'`, `+01` or `Z` in seconds.
    static func offset(_ text: some StringProtocol) -> Int? {
        var scanner = Scanner(text)
        return scanner.offset()
    }

    /// A date that begins with the year.
    private static func numbers(_ text: String) -> WrittenDate? {
        var scanner = Scanner(text)
        scanner.skip(" ")
        if scanner.take("D") { _ = scanner.take(":") }
        guard let year = scanner.number(digits: 4) else { return nil }
        var date = WrittenDate(year: year)
        scanner.skip("-:/.", atMost: 1)
        date.month = scanner.number(digits: 2)
        guard date.month != nil else { return date }
        scanner.skip("-:/.", atMost: 1)
        date.day = scanner.number(digits: 2)
        guard date.day != nil else { return date }
        scanner.skip("T ", atMost: 1)
        date.hour = scanner.number(digits: 2)
        guard date.hour != nil else { return date }
        scanner.skip(":", atMost: 1)
        date.minute = scanner.number(digits: 2)
        scanner.skip(":", atMost: 1)
        date.second = date.minute == nil ? nil : scanner.number(digits: 2)
        if date.second != nil { date.fraction = scanner.fraction() }
        scanner.skip(" ")
        date.offset = scanner.offset()
        return date
    }

    /// `Fri, 01 May 2026 14:30:15 +0100`, or `Fri May  1 14:30:15 2026`.
    private static func named(_ text: String) -> WrittenDate? {
        let words = text.split { " ,\n\r\t".contains($0) }
        guard let place = words.firstIndex(where: { Self.month($0) != nil }) else { return nil }
        let plain = words.indices.filter { words[$0].allSatisfy(\.isASCIIDigit) }
        guard let time = words.first(where: { $0.contains(":") }), let day = plain.first.flatMap({ Int(words[$0]) }),
            let year = plain.dropFirst().first.flatMap({ Int(words[$0]) })
        else { return nil }
        var date = WrittenDate(year: year < 50 ? year + 2000 : year < 100 ? year + 1900 : year)
        date.month = month(words[place])
        date.day = day
        let parts = time.split(separator: ":").map { Int($0) }
        guard (2...3).contains(parts.count), !parts.contains(nil) else { return nil }
        (date.hour, date.minute) = (parts[0], parts[1])
        date.second = parts.count == 3 ? parts[2] : nil
        date.offset = words.dropFirst(place + 1).lazy.compactMap(zone).first
        return date
    }

    private static func month(_ word: Substring) -> Int? {
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return months.firstIndex(of: String(word.prefix(3)).lowercased()).map { $0 + 1 }
    }

    /// Zones as mail has them.
    private static func zone(_ word: Substring) -> Int? {
        if ["GMT", "UT", "UTC", "Z"].contains(word) { return 0 }
        if let hours = ["EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7][word] {
            return hours * 3600
        }
        return word.first == "+" || word.first == "-" ? offset(word) : nil
    }
}

/// Takes a text apart from its beginning.
private struct Scanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) { rest = Array(text.utf8)[...] }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func skip(_ characters: String, atMost limit: Int = .max) {
        var count = 0
        while let first = rest.first, count < limit, characters.utf8.contains(first) {
            rest.removeFirst()
            count += 1
        }
    }

    /// Exactly so many digits.
    mutating func number(digits: Int) -> Int? {
        let taken = rest.prefix(digits)
        guard taken.count == digits, taken.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest.removeFirst(digits)
        return taken.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// `.25` or `,25`; 0 where there is none.
    mutating func fraction() -> Double {
        guard let first = rest.first, first == 0x2E || first == 0x2C else { return 0 }
        rest.removeFirst()
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest.removeFirst(digits.count)
        return digits.prefix(9).reversed().reduce(0.0) { ($0 + Double($1 - 0x30)) / 10 }
    }

    mutating func offset() -> Int? {
        if take("Z") {
            // PDF writes Z00'00' too.
            return 0
        }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take("+") || take("-"), let hours = number(digits: 2) else { return nil }
        skip(":'", atMost: 1)
        let minutes = number(digits: 2) ?? 0
        guard minutes < 60, hours * 60 + minutes <= 14 * 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
