import ArgumentParser

/// A sample made wrong at random; the same numbers make the same file.
struct Mutation: Sendable {
    enum Kind: String, Sendable, CaseIterable, ExpressibleByArgument {
        /// A few bytes changed, left out, doubled, or taken from another sample.
        case changed
        /// The samples in turn, each ended too early.
        case cut
    }

    let kind: Kind
    let seed: UInt64
    let number: Int

    /// The file, and the sample that it was.
    func file(of samples: [Sample]) -> (sample: Sample, bytes: [UInt8]) {
        var random = Random(seed: seed, number: number)
        switch kind {
        case .changed:
            let sample = samples[random.number(below: samples.count)]
            return (sample, random.changed(sample.bytes, with: samples))
        case .cut:
            let sample = samples[number % samples.count]
            return (sample, Array(sample.bytes.prefix(random.number(below: sample.bytes.count))))
        }
    }
}

extension Mutation: CustomStringConvertible {
    /// The command that writes the file.
    var description: String { "ConfinedFuzz make --seed \(seed) \(kind.rawValue) \(number)" }
}

/// SplitMix64.
private struct Random {
    private var state: UInt64

    init(seed: UInt64, number: Int) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number) &* 0xD6E8_FEB8_6659_FD93
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func number(below limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

    mutating func changed(_ bytes: [UInt8], with samples: [Sample]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...number(below: 6) where !bytes.isEmpty {
            // Most of what is read stands at the beginning and at the end.
            let limit = [bytes.count, min(bytes.count, 512), min(bytes.count, 64)][number(below: 3)]
            var place = number(below: limit)
            if number(below: 4) == 0 { place = bytes.count - 1 - place }
            switch number(below: 7) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
            case 1: bytes[place] ^= 1 << UInt8(number(below: 8))
            case 2:
                for index in place..<min(place + 4, bytes.count) {
                    bytes[index] = [0, 0xFF, 0x7F, 0x80][number(below: 4)]
                }
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + number(below: 64)))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + number(below: 64))], at: place)
            case 5: bytes.removeSubrange(place...)
            default:
                let other = samples[number(below: samples.count)].bytes
                let start = number(below: other.count)
                bytes.insert(contentsOf: other.dropFirst(start).prefix(1 + number(below: 512)), at: place)
            }
        }
        return bytes
    }
}
