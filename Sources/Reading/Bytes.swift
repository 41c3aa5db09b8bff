internal import Glibc

extension Array where Element == UInt8 {
    /// The number at `index`, most significant byte first; `nil` beyond the end.
    @inlinable
    package func bigEndian<Number: FixedWidthInteger>(_ index: Int, as: Number.Type = Number.self) -> Number? {
        let width = Number.bitWidth / 8
        guard index >= 0, index + width <= count else { return nil }
        return self[index..<index + width].reduce(0) { $0 << 8 | Number($1) }
    }

    /// The number at `index`, least significant byte first; `nil` beyond the end.
    @inlinable
    package func littleEndian<Number: FixedWidthInteger>(_ index: Int, as: Number.Type = Number.self) -> Number? {
        bigEndian(index, as: Number.self)?.byteSwapped
    }

    /// Four characters, such as the type of a box; `nil` beyond the end.
    package func fourCharacters(_ index: Int) -> String? {
        guard index >= 0, index + 4 <= count else { return nil }
        return String(decoding: self[index..<index + 4], as: UTF8.self)
    }

    /// Whether these bytes stand at `index`.
    package func has(_ text: String, at index: Int = 0) -> Bool {
        index >= 0 && index + text.utf8.count <= count
            && self[index..<index + text.utf8.count].elementsEqual(text.utf8)
    }

    /// Whether these bytes stand anywhere.
    package func contains(text: String) -> Bool { firstIndex(of: text) != nil }

    /// Whether any of these texts stands anywhere, in capitals or not.
    package func containsAny(ofCaseless texts: [String]) -> Bool {
        let lower = map { ($0 >= 0x41 && $0 <= 0x5A) ? $0 | 0x20 : $0 }
        return texts.contains { lower.contains(text: $0.lowercased()) }
    }

    /// Where these bytes stand first, from `start` on.
    package func firstIndex(of text: String, from start: Int = 0) -> Int? {
        places(of: text, from: start, limit: 1).first
    }

    /// The places where these bytes stand, from `start` on, in order and at most so many.
    package func places(of text: String, from start: Int = 0, limit: Int = 1000) -> [Int] {
        let wanted = Array(text.utf8)
        return withUnsafeBytes { whole in
            guard let base = whole.baseAddress, let first = wanted.first, start >= 0 else { return [] }
            var places: [Int] = []
            var position = start
            while places.count < limit, position + wanted.count <= whole.count,
                let found = memchr(base + position, Int32(first), whole.count - wanted.count + 1 - position)
            {
                let place = UnsafeRawPointer(found) - base
                if memcmp(found, wanted, wanted.count) == 0 { places.append(place) }
                position = place + 1
            }
            return places
        }
    }

    /// Where these bytes stand last.
    package func lastIndex(of text: String) -> Int? {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, count >= wanted.count else { return nil }
        return (0...(count - wanted.count)).last {
            self[$0] == first && self[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
