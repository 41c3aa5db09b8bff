internal import Artefacts
internal import FoundationEssentials

/// On the wire: a letter, the length of what follows as four bytes, big-endian,
/// and then the bytes of a derivative, or JSON.
extension RenderFrame {
    private enum Letter: UInt8 {
        case began = 0x42
        case bytes = 0x50
        case ended = 0x45
        case failed = 0x46
        case finished = 0x5A
    }

    private struct Beginning: Codable {
        var kind: DerivativeKind
        var mimeType: MediaType
    }

    private struct Failure: Codable {
        var kind: DerivativeKind
        var reason: String
    }

    /// The frame as it is sent.
    ///
    /// - Throws: ``InspectionWireError/tooLong(size:)``, or what JSON encoding throws.
    package func encoded() throws -> [UInt8] {
        let letter: Letter
        let content: [UInt8]
        switch self {
        case .began(let kind, let type):
            (letter, content) = (.began, try Self.json(Beginning(kind: kind, mimeType: type)))
        case .bytes(let piece): (letter, content) = (.bytes, piece)
        case .ended: (letter, content) = (.ended, [])
        case .failed(let kind, let reason):
            (letter, content) = (.failed, try Self.json(Failure(kind: kind, reason: reason)))
        case .finished(let tools): (letter, content) = (.finished, try Self.json(tools))
        }
        guard content.count <= Self.maximumSize(letter) else { throw InspectionWireError.tooLong(size: content.count) }
        let length = UInt32(content.count)
        return [letter.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + content
    }

    /// How long the frame is that begins with these bytes, with its head; `nil` if the head is not whole yet.
    ///
    /// - Throws: ``InspectionWireError`` if no frame begins so.
    static func size(of head: some Collection<UInt8>) throws(InspectionWireError) -> Int? {
        guard let first = head.first else { return nil }
        guard let letter = Letter(rawValue: first) else { throw .malformed }
        guard head.count >= headSize else { return nil }
        let length = head.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumSize(letter) else { throw .tooLong(size: length) }
        return headSize + length
    }

    /// Reads exactly one whole frame.
    init(_ frame: some Collection<UInt8>) throws(InspectionWireError) {
        let content = frame.dropFirst(Self.headSize)
        switch frame.first.flatMap(Letter.init(rawValue:)) {
        case .began:
            let beginning: Beginning = try Self.decode(content)
            self = .began(beginning.kind, beginning.mimeType)
        case .bytes where !content.isEmpty: self = .bytes(Array(content))
        case .ended where content.isEmpty: self = .ended
        case .failed:
            let failure: Failure = try Self.decode(content)
            self = .failed(failure.kind, reason: failure.reason)
        case .finished: self = .finished(tools: try Self.decode(content))
        default: throw .malformed
        }
    }

    private static func maximumSize(_ letter: Letter) -> Int {
        switch letter {
        case .bytes: maximumPieceSize
        case .ended: 0
        case .began, .failed, .finished: maximumTextSize
        }
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }

    private static func decode<Value: Decodable>(
        _ content: some Collection<UInt8>
    ) throws(InspectionWireError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(content))
        } catch {
            throw .malformed
        }
    }
}
