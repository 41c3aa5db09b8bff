internal import Artefacts
internal import InspectionWire

/// Holds what a renderer sends against what it was told to make. Pure.
struct RenderProgress {
    /// Most bytes of derivatives that are a whole recording or file, and of all others.
    static let limits = (whole: Int64(2) << 30, others: Int64(20) << 20)

    private var wanted: Set<DerivativeKind>
    private var current: (kind: DerivativeKind, size: Int64)?
    /// Whether the renderer has said that there is no more to come.
    private(set) var isFinished = false
    /// Name and version of what took part, as the renderer says at the end.
    private(set) var tools: [String: String] = [:]

    init(_ order: RenderOrder) { wanted = Set(order.kinds) }

    /// What a frame means; `nil` at the end of all.
    ///
    /// - Throws: ``InspectionFailure/nonsense`` if it cannot come now, or is too much.
    mutating func take(_ frame: RenderFrame) throws(InspectionFailure) -> RenderEvent? {
        guard !isFinished else { throw .nonsense }
        switch frame {
        case .began(let kind, let type):
            guard current == nil, wanted.remove(kind) != nil else { throw .nonsense }
            current = (kind, 0)
            return .began(kind, type)
        case .bytes(let piece):
            guard let (kind, size) = current, size + Int64(piece.count) <= Self.limit(kind) else { throw .nonsense }
            current = (kind, size + Int64(piece.count))
            return .bytes(piece)
        case .ended:
            guard let (_, size) = current, size > 0 else { throw .nonsense }
            current = nil
            return .ended
        case .failed(let kind, let reason):
            guard current.map({ $0.kind == kind }) ?? (wanted.remove(kind) != nil), reason.utf8.count <= 512 else {
                throw .nonsense
            }
            current = nil
            return .failed(kind, reason: reason)
        case .finished(let tools):
            let texts = tools.flatMap { [$0.key, $0.value] }
            guard current == nil, wanted.isEmpty, tools.count <= 20, texts.allSatisfy({ $0.utf8.count <= 512 }) else {
                throw .nonsense
            }
            isFinished = true
            self.tools = tools
            return nil
        }
    }

    private static func limit(_ kind: DerivativeKind) -> Int64 {
        kind == .preview || kind == .withoutLocation ? limits.whole : limits.others
    }
}
