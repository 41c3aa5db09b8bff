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
        let sources = Sources(file, order)
        for kind in order.kinds {
            let writer = DerivativeWriter(kind, emit: emit)
            do throws(RenderingError) {
                try write(kind, order, file, sources, to: writer)
            } catch {
                try emit(.failed(kind, reason: error.reason))
                continue
            }
            try emit(.ended)
        }
        try emit(.finished(tools: Self.tools))
    }

    private func write(
        _ kind: DerivativeKind, _ order: RenderOrder, _ file: FileBytes, _ sources: Sources,
        to writer: DerivativeWriter
    ) throws(RenderingError) {
        switch (kind, order.mimeType.type) {
        case (.thumbnail, _), (.poster, _):
            try writer.write(PictureEncoder.webP(sources.stills.picture(kind)), as: "image/webp")
        case (.waveform, _):
            try writer.write(sources.waveform().json, as: "application/json")
        case (.waveformPicture, _):
            let picture = try WaveformPicture.picture(of: sources.waveform())
            try writer.write(PictureEncoder.losslessWebP(picture), as: "image/webp")
        case (.preview, "image"):
            try writer.write(PictureEncoder.jpeg(sources.stills.picture(kind)), as: "image/jpeg")
        case (.preview, "video"):
            try RecordingPreview(of: file, type: "video").write(to: writer, as: "video/mp4")
        case (.preview, "audio"):
            try RecordingPreview(of: file, type: "audio").write(to: writer, as: "audio/mp4")
        case (.preview, _), (.text, _), (.withoutLocation, _):
            throw RenderingError("nothing like that can be made of this kind of file")
        }
    }

    private static var tools: [String: String] {
        ["libvips": Vips.version, "poppler": DocumentPage.version, "libavcodec": LibAV.version]
    }
}
