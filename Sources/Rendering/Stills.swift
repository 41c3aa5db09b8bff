internal import Artefacts
internal import CTranscoding
internal import InspectionWire
internal import Reading

/// The picture that stands for a file, in the sizes that an order wants.
///
/// The file is read once, as large as the largest of them.
final class Stills {
    private let file: FileBytes
    private let order: RenderOrder
    private var largest: Result<Picture, RenderingError>?

    init(_ file: FileBytes, _ order: RenderOrder) {
        self.file = file
        self.order = order
    }

    /// The picture for this kind.
    func picture(_ kind: DerivativeKind) throws(RenderingError) -> Picture {
        let result = largest ?? read()
        largest = result
        return try PictureDecoder.shrunk(result.get(), side: Self.side(kind))
    }

    private func read() -> Result<Picture, RenderingError> {
        let side = order.kinds.map(Self.side).max() ?? 0
        return Result { () throws(RenderingError) in
            switch order.mimeType {
            case "application/pdf": try DocumentPage.picture(in: file, side: side)
            case "image/bmp": try VideoStill.picture(AV_CODEC_ID_BMP, in: file, side: side)
            case "image/vnd.adobe.photoshop": try VideoStill.picture(AV_CODEC_ID_PSD, in: file, side: side)
            case let type where EmbeddedPreview.isExpected(in: type):
                try EmbeddedPreview.picture(in: file, type: type, side: side)
            case let type where type.type == "image": try PictureDecoder.picture(in: file, type: type, side: side)
            case let type where type.type == "video": try VideoStill.picture(in: file, side: side)
            default: throw RenderingError("there is no picture in this kind of file")
            }
        }
    }

    /// Most pixels on the longer side; browsers show no pictures that are much larger than a preview.
    private static func side(_ kind: DerivativeKind) -> Int {
        switch kind {
        case .thumbnail: 480
        case .poster: 2048
        case .preview: 8192
        case .waveform, .waveformPicture, .text, .withoutLocation: 0
        }
    }
}
