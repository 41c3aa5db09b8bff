internal import Artefacts
package import InspectionWire
package import Reading
internal import Stripping
internal import TextExtracting

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
        case (.text, _):
            try writer.write(Self.text(of: file, order.mimeType), as: "text/plain")
        case (.withoutLocation, _):
            try Self.writeWithoutLocation(file, order.mimeType, to: writer)
        case (.preview, _):
            throw RenderingError("nothing like that can be made of this kind of file")
        }
    }

    private static func text(of file: FileBytes, _ type: MediaType) throws(RenderingError) -> [UInt8] {
        do {
            if let text = try ExtractedText.of(file, type: type) { return Array(text.utf8) }
        } catch {
            throw RenderingError("the words could not be read: \(error)")
        }
        throw RenderingError("there are no words in it")
    }

    private static func writeWithoutLocation(
        _ file: FileBytes, _ type: MediaType, to writer: DerivativeWriter
    ) throws(RenderingError) {
        try writer.begin(as: type)
        do {
            try LocationFreeCopy.make(file, type: type) { try writer.write($0) }
        } catch {
            throw error as? RenderingError ?? RenderingError("the place could not be taken out: \(error)")
        }
    }

    private static var tools: [String: String] {
        ["libvips": Vips.version, "poppler": DocumentPage.version, "libavcodec": LibAV.version]
    }
}
