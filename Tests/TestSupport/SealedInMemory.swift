internal import Artefacts
internal import Foundation
package import Reading
internal import Sealing

extension FileBytes {
    /// Plain bytes as the sandboxed programs get them: sealed, with a key of their own.
    package static func sealing(_ plain: [UInt8]) throws -> FileBytes {
        var sealer = SegmentSealer(FileCipher(newFileWith: .random()))
        var file = Data(sealer.cipher.header.bytes)
        plain.withUnsafeBytes { sealer.take($0) { segment, _ in file.append(contentsOf: segment) } }
        file.append(sealer.end(Digester.digest(of: plain)).bytes)
        return try FileBytes(size: Int64(file.count), dataKey: sealer.cipher.dataKey) { [file] position, buffer in
            let rest = file.dropFirst(Int(position)).prefix(buffer.count)
            buffer.copyBytes(from: rest)
            return rest.count
        }
    }
}

/// Random numbers that are the same in every run: SplitMix64.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// A damaged form of a file: changed bytes, a part too many or too few, or an early end.
    package mutating func damaged(_ file: [UInt8]) -> [UInt8] {
        var file = file
        func place(_ generator: inout SeededGenerator) -> Int {
            Int.random(in: 0..<max(1, file.count), using: &generator)
        }
        switch Int.random(in: 0..<8, using: &self) {
        case 0: return Array(file.prefix(place(&self)))
        case 1:
            let start = place(&self)
            file.removeSubrange(start..<min(file.count, start + Int.random(in: 1...64, using: &self)))
        case 2:
            let foreign = (0..<64).map { _ in UInt8.random(in: 0...255, using: &self) }
            file.insert(contentsOf: foreign, at: place(&self))
        case 3:
            let (from, to) = (place(&self), place(&self))
            for offset in 0..<4 where max(from, to) + offset < file.count { file[to + offset] = file[from + offset] }
        default:
            for _ in 0..<Int.random(in: 1...4, using: &self) {
                file[place(&self)] =
                    [0, 1, 0xFF, UInt8.random(in: 0...255, using: &self)].randomElement(using: &self) ?? 0
            }
        }
        return file
    }
}
