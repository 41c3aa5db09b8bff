internal import Glibc

extension Array where Element == UInt8 {
    /// The places where these bytes stand, in order, at most so many.
    func places(of text: String, limit: Int = 1000) -> [Int] {
        let wanted = Array(text.utf8)
        return withUnsafeBytes { whole in
            guard let start = whole.baseAddress, let first = wanted.first else { return [] }
            var places: [Int] = []
            var position = 0
            while places.count < limit, position + wanted.count <= whole.count,
                let found = memchr(start + position, Int32(first), whole.count - position)
            {
                let place = UnsafeRawPointer(found) - start
                if place + wanted.count <= whole.count, memcmp(found, wanted, wanted.count) == 0 {
                    places.append(place)
                }
                position = place + 1
            }
            return places
        }
    }

    /// Whether these bytes stand anywhere, found fast.
    func holds(_ text: String) -> Bool { !places(of: text, limit: 1).isEmpty }
}
