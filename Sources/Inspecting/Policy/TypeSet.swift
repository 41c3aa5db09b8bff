internal import Artefacts

/// Types that a rule asks for.
struct TypeSet: Hashable, Sendable {
    private var types: Set<MediaType> = []
    /// What stands before the slash, where everything behind it fits.
    private var families: Set<String> = []

    init() {}

    /// What a word of a policy names: a type that Keepsake knows, or a family such as `text/*`; `nil`: neither.
    init?(naming text: String) {
        if text.hasSuffix("/*"), MediaType.families.contains(String(text.dropLast(2))) {
            families = [String(text.dropLast(2))]
        } else if let type = MediaType(parsing: text), type.isKnown, type.description == text {
            types = [type]
        } else {
            return nil
        }
    }

    func contains(_ type: MediaType) -> Bool { types.contains(type) || families.contains(type.type) }

    mutating func formUnion(_ other: TypeSet) {
        types.formUnion(other.types)
        families.formUnion(other.families)
    }
}
