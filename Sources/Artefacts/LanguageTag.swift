/// The language that words are in, such as `en-GB`, `cy` or `zh-Hant-HK`.
///
/// Well-formed, and written as the standard recommends; whether the language is
/// registered is not looked up, but a name such as “English” is none. Of the
/// tags from before 2006 that are registered as a whole, such as `i-klingon`,
/// none is taken: nearly all have successors.
///
/// Source: RFC 5646 (BCP 47), sections 2.1, 2.1.1 and 2.2.9.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Most characters in a tag: more than any that is in use.
    package static let longest = 64

    /// Reads a tag in any case; `nil` where it is none.
    package init?(parsing text: String) {
        guard (2...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isOfTags) else { return nil }
        let subtags = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)[...]
        guard subtags.allSatisfy({ (1...8).contains($0.utf8.count) }) else { return nil }
        var reading = Reading(rest: subtags)
        guard reading.takeTag() else { return nil }
        description = reading.written.joined(separator: "-")
    }

    private static func isOfTags(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The subtags of a tag, read one after the other.
private struct Reading {
    var rest: ArraySlice<Substring>
    var written: [String] = []

    /// Whether all of it is a tag.
    mutating func takeTag() -> Bool {
        if takePrivateUse() { return rest.isEmpty }
        guard takeLanguage() else { return false }
        take(if: { $0.utf8.count == 4 && Self.isAlphabetic($0) }) { $0.prefix(1).uppercased() + $0.dropFirst() }
        take(if: Self.isRegion) { $0.uppercased() }
        guard takeVariants(), takeExtensions() else { return false }
        _ = takePrivateUse()
        return rest.isEmpty
    }

    private mutating func takeLanguage() -> Bool {
        // Longer ones are provided for, and none was ever registered.
        guard let language = rest.first, (2...3).contains(language.utf8.count), Self.isAlphabetic(language) else {
            return false
        }
        take()
        // Extended languages.
        for _ in 0..<3 { take(if: { $0.utf8.count == 3 && Self.isAlphabetic($0) }) { String($0) } }
        return true
    }

    private mutating func takeVariants() -> Bool {
        var variants: Set<Substring> = []
        while let variant = rest.first, Self.isVariant(variant) {
            guard variants.insert(variant).inserted else { return false }
            take()
        }
        return true
    }

    private mutating func takeExtensions() -> Bool {
        var singletons: Set<Substring> = []
        while let singleton = rest.first, singleton.utf8.count == 1, singleton != "x" {
            guard singletons.insert(singleton).inserted else { return false }
            take()
            guard hasLongSubtag else { return false }
            while hasLongSubtag { take() }
        }
        return true
    }

    private var hasLongSubtag: Bool { rest.first.map { $0.utf8.count >= 2 } ?? false }

    /// `x-…`, which may be all that there is.
    private mutating func takePrivateUse() -> Bool {
        guard rest.first == "x", rest.count > 1 else { return false }
        while !rest.isEmpty { take() }
        return true
    }

    private mutating func take() {
        written.append(String(rest.removeFirst()))
    }

    private mutating func take(if fits: (Substring) -> Bool, _ write: (Substring) -> String) {
        guard let subtag = rest.first, fits(subtag) else { return }
        written.append(write(subtag))
        rest.removeFirst()
    }

    private static func isRegion(_ subtag: Substring) -> Bool {
        subtag.utf8.count == 2 && isAlphabetic(subtag) || subtag.utf8.count == 3 && subtag.allSatisfy(\.isNumber)
    }

    private static func isVariant(_ subtag: Substring) -> Bool {
        subtag.utf8.count >= 5 || subtag.utf8.count == 4 && subtag.first?.isNumber == true
    }

    private static func isAlphabetic(_ subtag: Substring) -> Bool { subtag.allSatisfy(\.isLetter) }
}

extension LanguageTag: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let tag = Self(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a language tag of BCP 47")
        }
        self = tag
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
