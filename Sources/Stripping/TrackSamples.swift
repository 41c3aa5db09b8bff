internal import Reading

/// Where the samples of one track stand.
///
/// Source: ISO/IEC 14496-12, sections 8.5 to 8.7; QuickTime File Format, sound sample descriptions.
struct TrackSamples {
    let number: UInt32
    /// Four characters that say who reads the samples: `vide`, `soun`, `meta`.
    let reader: String
    private let file: FileBytes
    private let format: String
    private let table: [String: Box]

    private static let uncompressed: Set<String> = [
        "twos", "sowt", "raw ", "NONE", "in24", "in32", "fl32", "fl64", "lpcm", "alaw", "ulaw", "ipcm", "fpcm",
    ]
    private static let maximumChunks = 4_000_000

    init(_ file: FileBytes, track: Box) throws(StrippingError) {
        self.file = file
        let parts = try Self.children(file, track)
        guard let header = parts["tkhd"], let media = parts["mdia"] else { throw .notUnderstood("a track") }
        let version = try file.exactly(at: header.content, count: 1)[0]
        number = try file.exactly(at: header.content + (version == 1 ? 20 : 12), count: 4).number(0)
        let mediaParts = try Self.children(file, media)
        guard let handler = mediaParts["hdlr"], let information = mediaParts["minf"],
            let table = try Self.children(file, information)["stbl"]
        else { throw .notUnderstood("a track") }
        reader = try file.exactly(at: handler.content + 8, count: 4).fourCharacters(0) ?? ""
        self.table = try Self.children(file, table)
        format = self.table["stsd"].flatMap { file.read(at: $0.content + 12, count: 4).fourCharacters(0) } ?? ""
    }

    private static func children(_ file: FileBytes, _ box: Box) throws(StrippingError) -> [String: Box] {
        Dictionary(try Box.all(file, in: box.body).map { ($0.type, $0) }) { first, _ in first }
    }

    /// Whether it holds measurements, whoever reads them.
    var isMetadata: Bool { MeasuringTracks.all.contains(format) }

    /// The ranges of all chunks of samples.
    func ranges() throws(StrippingError) -> [Range<Int64>] {
        guard let offsets = table["co64"] ?? table["stco"], let runs = table["stsc"] else {
            throw .notUnderstood("a track without chunks")
        }
        var starts = try Numbers(file, offsets, skipping: 8, width: offsets.type == "co64" ? 8 : 4)
        var run = try Numbers(file, runs, skipping: 8, width: 4)
        var sizes = try sampleSizes()
        guard starts.count <= Self.maximumChunks else { throw .notUnderstood("too many chunks") }
        var ranges: [Range<Int64>] = []
        var (samples, nextRun, nextSamples) = (Int64(0), run.next() ?? .max, run.next() ?? 0)
        _ = run.next()
        for chunk in 1...Int64(max(1, starts.count)) {
            guard let start = starts.next() else { break }
            if chunk == nextRun {
                samples = nextSamples
                (nextRun, nextSamples) = (run.next() ?? .max, run.next() ?? 0)
                _ = run.next()
            }
            let size = try sizes.size(ofNext: samples)
            guard start >= 0, size <= file.size, start <= file.size - size else {
                throw .notUnderstood("samples behind the end")
            }
            if let last = ranges.last, last.upperBound == start {
                ranges[ranges.count - 1] = last.lowerBound..<start + size
            } else {
                ranges.append(start..<start + size)
            }
        }
        return ranges
    }

    private func sampleSizes() throws(StrippingError) -> SampleSizes {
        if let box = table["stz2"] {
            guard let width = file.read(at: box.content + 7, count: 1).first, width == 8 || width == 16 else {
                throw .notUnderstood("sizes of half a byte")
            }
            return .each(try Numbers(file, box, skipping: 12, width: Int(width) / 8))
        }
        guard let box = table["stsz"] else { throw .notUnderstood("a track without sizes") }
        let constant: UInt32 = try file.exactly(at: box.content, count: 12).number(4)
        if constant == 0 { return .each(try Numbers(file, box, skipping: 12, width: 4)) }
        return reader == "soun" ? try sound(Int64(constant)) : .constant(Int64(constant), per: 1)
    }

    /// QuickTime counts sound in frames, and may give each the size 1.
    private func sound(_ constant: Int64) throws(StrippingError) -> SampleSizes {
        guard let box = table["stsd"] else { throw .notUnderstood("a track without a description") }
        let entry = try file.exactly(at: box.content + 8, count: 52)
        let version: UInt16 = try entry.number(16)
        if version == 1 {
            let perPacket = Int64(try entry.number(36, as: UInt32.self))
            let perFrame = Int64(try entry.number(44, as: UInt32.self))
            if perPacket > 0, perFrame > 0 { return .constant(max(perFrame, constant), per: perPacket) }
        }
        if version == 0, Self.uncompressed.contains(format) {
            let frame = Int64(try entry.number(24, as: UInt16.self)) * Int64(try entry.number(26, as: UInt16.self)) / 8
            return .constant(max(frame, constant), per: 1)
        }
        guard constant > 1 else { throw .notUnderstood("sound of an unknown size") }
        return .constant(constant, per: 1)
    }
}

/// The sizes of a track's samples, in their order.
private enum SampleSizes {
    case each(Numbers)
    /// So many bytes for each `per` samples.
    case constant(Int64, per: Int64)

    mutating func size(ofNext samples: Int64) throws(StrippingError) -> Int64 {
        guard (0...1 << 26).contains(samples) else { throw .notUnderstood("too many samples in a chunk") }
        switch self {
        case .constant(let size, let per): return (samples + per - 1) / per * size
        case .each(var numbers):
            self = .constant(0, per: 1)
            var total: Int64 = 0
            for _ in 0..<samples {
                guard let size = numbers.next() else { break }
                total += size
            }
            self = .each(numbers)
            return total
        }
    }
}

/// The numbers of a table one after another, never all of them in memory.
private struct Numbers {
    let count: Int
    private let file: FileBytes
    private let width: Int
    private var position: Int64
    private let end: Int64
    private var bytes: [UInt8] = []
    private var index = 0

    init(_ file: FileBytes, _ box: Box, skipping head: Int64, width: Int) throws(StrippingError) {
        guard box.content + head <= box.end else { throw .notUnderstood("a table that is cut short") }
        self.file = file
        self.width = width
        position = box.content + head
        end = box.end
        count = Int(end - position) / width
    }

    mutating func next() -> Int64? {
        if index + width > bytes.count {
            bytes = file.read(at: position, count: Int(min(32 << 10, end - position)))
            position += Int64(bytes.count)
            index = 0
        }
        guard index + width <= bytes.count else { return nil }
        var number: Int64 = 0
        for offset in 0..<width { number = number << 8 | Int64(bytes[index + offset]) }
        index += width
        return number
    }
}
