internal import Artefacts
package import InspectionWire
package import Reading

/// Looks at one file with everything there is, and reports what it found.
package struct FileProbe: ~Copyable {
    private let magic: MagicDatabase

    /// Loads what has to be loaded before the process confines itself.
    package init() throws(ProbeError) {
        magic = try MagicDatabase()
    }

    /// Looks at a file.
    package func report(on file: FileBytes) throws(ProbeError) -> InspectionReport {
        let prefix = file.read(at: 0, count: MagicDatabase.prefixSize)
        let magicType = MediaType(parsing: try magic.mimeType(of: prefix)) ?? .unknown
        let boxes = MediaBoxes(file)
        let jpeg = JPEGMarkers(file)
        let png = PNGChunks(file)
        let zip = ZipDirectory(file)
        let isImage = jpeg != nil || png != nil || (boxes.map { $0.hasMeta && !$0.hasMovie } ?? false)
        let mayBeMedia = !isImage && zip == nil && magicType.type != "text" && magicType != "application/pdf"
        let container = mayBeMedia ? MediaContainer(reading: file) : nil

        let mimeType = TypeDecision(
            magic: magicType, prefix: prefix, boxes: boxes, container: container, png: png, zip: zip
        ).mimeType
        let wholeness = WholenessCheck(
            file: file, mimeType: mimeType, boxes: boxes, container: container, jpeg: jpeg, png: png, zip: zip
        ).result
        let origin = Origin(file, mimeType, container)
        var media = Media()
        let size = Self.size(jpeg, png, boxes, container)
        media.width = size?.width
        media.height = size?.height
        // A HEIC is turned by a property of its own, and EXIF only repeats that.
        media.orientation = (boxes == nil ? origin.exif?.orientation : nil) ?? container?.picture.map(\.orientation)
        media.duration = container?.duration.flatMap { $0 < 1e9 ? $0 : nil }
        media.codecs = container?.streams.filter { $0.kind == .video || $0.kind == .audio }.map(\.codec) ?? []
        media.hasLocation = origin.hasPosition
        return InspectionReport(
            mimeType: mimeType, magicMimeType: magicType, wholeness: wholeness, media: media,
            device: origin.device == Device() ? nil : origin.device, dates: origin.dates, position: origin.position,
            tools: Self.tools)
    }

    /// Pixels; `nil` where there are none, or more than any picture has.
    private static func size(
        _ jpeg: JPEGMarkers?, _ png: PNGChunks?, _ boxes: MediaBoxes?, _ container: MediaContainer?
    ) -> (width: Int, height: Int)? {
        guard let width = jpeg?.width ?? png?.width ?? boxes?.width ?? container?.picture?.width,
            let height = jpeg?.height ?? png?.height ?? boxes?.height ?? container?.picture?.height,
            (1...1_000_000).contains(width), (1...1_000_000).contains(height)
        else { return nil }
        return (width, height)
    }

    private static var tools: [String: String] {
        ["libmagic": MagicDatabase.version, "libavformat": MediaContainer.version]
    }
}

extension MediaContainer {
    /// The track that is looked at.
    fileprivate var picture: Stream? { streams.first { $0.kind == .video } }
}

extension MediaContainer.Stream {
    /// The rotation as EXIF writes it.
    fileprivate var orientation: Int {
        switch rotation {
        case 90: 6
        case 180: 3
        case 270: 8
        default: 1
        }
    }
}
