internal import Artefacts
package import InspectionWire
package import Reading

/// Makes derivatives of one file, one after the other.
package struct DerivativeMaker {
    private let emit: (RenderFrame) throws(RenderingError) -> Void

    /// - Parameter emit: gets each frame, and throws if there is nobody to take it.
    package init(emit: @escaping (RenderFrame) throws(RenderingError) -> Void) { self.emit = emit }

    /// Tries every kind of the order, each once; what fails is said, and the next is tried.
    ///
    /// - Throws: what `emit` throws.
    package func make(_ order: RenderOrder, of file: FileBytes) throws(RenderingError) {
        for kind in order.kinds { try make(kind, order, file) }
        try emit(.finished(tools: [:]))
    }

    private func make(_ kind: DerivativeKind, _ order: RenderOrder, _ file: FileBytes) throws(RenderingError) {
        let writer = DerivativeWriter(kind, emit: emit)
        do {
            try write(kind, order, file, to: writer)
        } catch {
            return try emit(.failed(kind, reason: error.reason))
        }
        try emit(.ended)
    }

    private func write(
        _ kind: DerivativeKind, _ order: RenderOrder, _ file: FileBytes, to writer: DerivativeWriter
    ) throws(RenderingError) {
        throw RenderingError("nothing like that can be made of this kind of file")
    }
}
