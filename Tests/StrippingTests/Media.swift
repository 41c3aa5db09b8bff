import Foundation
import Reading

/// Finds the coded picture or sound in a file, with no code of Keepsake's but numbers.
enum Media {
    /// The scans of a JPEG: from the first behind its frame to the end of the image.
    static func scans(_ file: [UInt8]) -> [UInt8] {
        let data = Data(file)
        let frame = [[0xFF, 0xC0, 0, 17, 8, 0, 64, 0, 96], [0xFF, 0xC2, 0, 17, 8, 0, 64, 0, 96]]
            .compactMap { data.range(of: Data($0)) }.first
        guard let frame, let scan = data.range(of: Data([0xFF, 0xDA]), in: frame.upperBound..<data.count),
            let end = data.range(of: Data([0xFF, 0xD9]), in: scan.upperBound..<data.count)
        else { return [] }
        return Array(file[scan.lowerBound..<end.upperBound])
    }

    /// Whole chunks of a PNG.
    static func chunks(_ kinds: String...) -> @Sendable ([UInt8]) -> [UInt8] {
        { file in
            walk(file, from: 8) { position in
                guard let length: UInt32 = file.bigEndian(position), let type = file.fourCharacters(position + 4) else {
                    return nil
                }
                return (type, Int(length) + 12)
            } keeping: {
                kinds.contains($0)
            }
        }
    }

    /// Whole chunks of a RIFF file.
    static func riff(_ kinds: String...) -> @Sendable ([UInt8]) -> [UInt8] {
        { file in
            walk(file, from: 12) { position in
                guard let length: UInt32 = file.littleEndian(position + 4), let type = file.fourCharacters(position)
                else { return nil }
                return (type, Int(length) + 8 + Int(length & 1))
            } keeping: {
                kinds.contains($0)
            }
        }
    }

    /// The contents of the boxes of a type.
    static func box(_ kind: String, _ file: [UInt8]) -> [UInt8] {
        walk(file, from: 0) { position in
            guard let length: UInt32 = file.bigEndian(position), let type = file.fourCharacters(position + 4) else {
                return nil
            }
            return (type, Int(length))
        } keeping: {
            $0 == kind
        }
    }

    /// The images of a GIF, with their controls.
    static func frames(_ file: [UInt8]) -> [UInt8] {
        var found: [UInt8] = []
        var position = 13 + table(file[10])
        while position < file.count, file[position] != 0x3B {
            let start = position
            let isImage = file[start] == 0x2C
            position += isImage ? 11 + table(file[start + 9]) : 2
            while file[position] != 0 { position += 1 + Int(file[position]) }
            position += 1
            if isImage || file[start + 1] == 0xF9 { found += file[start..<position] }
        }
        return found
    }

    private static func table(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    /// What the strips of the first page of a TIFF point at, by the tags 273 and 279.
    static func strips(_ file: [UInt8]) -> [UInt8] {
        guard let first: UInt32 = file.littleEndian(4), let count: UInt16 = file.littleEndian(Int(first)) else {
            return []
        }
        func values(_ tag: UInt16) -> [Int] {
            for index in 0..<Int(count) {
                let entry = Int(first) + 2 + index * 12
                guard file.littleEndian(entry) == tag, let type: UInt16 = file.littleEndian(entry + 2),
                    let number: UInt32 = file.littleEndian(entry + 4)
                else { continue }
                let width = type == 3 ? 2 : 4
                let place =
                    Int(number) * width <= 4 ? entry + 8 : Int(file.littleEndian(entry + 8, as: UInt32.self) ?? 0)
                return (0..<Int(number)).map { index in
                    width == 2
                        ? Int(file.littleEndian(place + index * 2, as: UInt16.self) ?? 0)
                        : Int(file.littleEndian(place + index * 4, as: UInt32.self) ?? 0)
                }
            }
            return []
        }
        return zip(values(273), values(279)).flatMap { file[$0..<$0 + $1] }
    }

    private static func walk(
        _ file: [UInt8], from start: Int, part: (Int) -> (String, Int)?, keeping: (String) -> Bool
    ) -> [UInt8] {
        var found: [UInt8] = []
        var position = start
        while let (type, length) = part(position), length > 0, position + length <= file.count {
            if keeping(type) { found += file[position..<position + length] }
            position += length
        }
        return found
    }
}
