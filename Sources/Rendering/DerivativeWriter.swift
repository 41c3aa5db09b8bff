package import Artefacts
internal import InspectionWire

/// Takes the bytes of one derivative, in order, as they are made.
///
/// Whoever makes it says once what it is, writes some bytes, and returns; or
/// throws, at any time.
package final class DerivativeWriter {
    private let kind: DerivativeKind
    private let emit: (RenderFrame) throws(RenderingError) -> Void

    /// - Parameter emit: gets each frame, and throws if there is nobody to take it.
    init(_ kind: DerivativeKind, emit: @escaping (RenderFrame) throws(RenderingError) -> Void) {
        self.kind = kind
        self.emit = emit
    }

    /// Says what the bytes are. Before all of them, and once.
    package func begin(as type: MediaType) throws(RenderingError) { try emit(.began(kind, type)) }

    /// Writes the next bytes; as many as there are.
    package func write(_ bytes: some Collection<UInt8>) throws(RenderingError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            try emit(.bytes(Array(rest.prefix(RenderFrame.maximumPieceSize))))
            rest = rest.dropFirst(RenderFrame.maximumPieceSize)
        }
    }

    /// Writes all bytes, and what they are.
    package func write(_ bytes: [UInt8], as type: MediaType) throws(RenderingError) {
        try begin(as: type)
        try write(bytes)
    }
}
