internal import Reading

/// The objects that stand in object streams, by their numbers.
///
/// Source: ISO 32000-1, 7.5.7.
struct PDFPackedObjects {
    private var streams: [[UInt8]] = []
    private var places: [Int: (stream: Int, range: Range<Int>)] = [:]

    /// Bytes that all streams together may have.
    private var budget = 16 << 20
    /// Bytes of numbers before the objects of a stream.
    private static let maximumNumbers = 16 << 10
    private static let maximumObjects = 10_000
    private static let maximumObject = 64 << 10

    /// Takes a stream that is unpacked, and its dictionary.
    mutating func take(_ stream: [UInt8], _ dictionary: PDFText) {
        guard let count = dictionary.number("/N"), let first = dictionary.number("/First"),
            (0...Self.maximumNumbers).contains(first), count > 0, stream.count <= budget,
            places.count < Self.maximumObjects
        else { return }
        budget -= stream.count
        streams.append(stream)
        let numbers = stream.prefix(first).split { $0 <= 0x20 }.prefix(min(count, Self.maximumObjects) * 2)
            .compactMap { Int(String(decoding: $0.prefix(9), as: UTF8.self)) }
        for index in stride(from: 0, to: numbers.count - 1, by: 2) {
            let from = min(stream.count, first + max(0, numbers[index + 1]))
            let next = index + 3 < numbers.count ? first + numbers[index + 3] : stream.count
            let until = max(from, min(stream.count, next, from + Self.maximumObject))
            places[numbers[index]] = (streams.count - 1, from..<until)
        }
    }

    subscript(_ number: Int) -> [UInt8]? { places[number].map { Array(streams[$0.stream][$0.range]) } }
}
