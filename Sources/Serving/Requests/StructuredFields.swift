internal import FoundationEssentials
internal import RawStructuredFieldValues

/// Fields with a strict grammar; one that does not fit is as if it were not there.
///
/// Source: RFC 9651.
enum StructuredFields {
    static func boolean(_ field: String?) -> Bool? {
        guard case .bool(let value)? = item(field) else { return nil }
        return value
    }

    /// An integer that is not negative.
    static func count(_ field: String?) -> Int64? {
        guard case .integer(let value)? = item(field), value >= 0 else { return nil }
        return Int64(value)
    }

    /// A dictionary of byte sequences; `nil` if it is none.
    static func bytes(_ field: String) -> [String: [UInt8]]? {
        var parser = StructuredFieldValueParser(Array(field.utf8))
        guard let dictionary = try? parser.parseDictionaryFieldValue() else { return nil }
        var bytes: [String: [UInt8]] = [:]
        for (name, value) in dictionary {
            guard case .item(let item) = value, case .undecodedByteSequence(let text) = item.rfc9651BareItem,
                let decoded = Data(base64Encoded: text)
            else { return nil }
            bytes[name] = Array(decoded)
        }
        return bytes
    }

    private static func item(_ field: String?) -> RFC9651BareItem? {
        guard let field else { return nil }
        var parser = StructuredFieldValueParser(Array(field.utf8))
        return try? parser.parseItemFieldValue().rfc9651BareItem
    }
}
