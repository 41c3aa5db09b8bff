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
        let exif = (jpeg?.exif ?? png?.exif).flatMap { ExifBlock($0) }

        let mimeType = TypeDecision(
            magic: magicType, prefix: prefix, boxes: boxes, container: container, png: png, zip: zip
        ).mimeType
        let wholeness = WholenessCheck(
            file: file, mimeType: mimeType, boxes: boxes, container: container, jpeg: jpeg, png: png, zip: zip
        ).result
        var media = Media()
        let size = Self.size(jpeg, png, boxes, container)
        media.width = size?.width
        media.height = size?.height
        media.orientation = exif?.orientation ?? container?.picture.map(\.orientation)
        media.duration = container?.duration.flatMap { $0 < 1e9 ? $0 : nil }
        media.codecs = container?.streams.filter { $0.kind == .video || $0.kind == .audio }.map(\.codec) ?? []
        media.hasLocation = exif?.hasPosition == true || container?.hasPosition == true
        return InspectionReport(
            mimeType: mimeType, magicMimeType: magicType, wholeness: wholeness,
            features: ZeroCheck(file).isAllZeros ? [.onlyZeros] : [], media: media,
            device: Self.device(exif, container), dates: Self.dates(exif, container), tools: Self.tools)
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

    private static func device(_ exif: ExifBlock?, _ container: MediaContainer?) -> Device? {
        let device = Device(
            make: exif?.make ?? container?.tags["com.apple.quicktime.make"] ?? container?.tags["make"],
            model: exif?.model ?? container?.tags["com.apple.quicktime.model"] ?? container?.tags["model"],
            software: exif?.software ?? container?.tags["com.apple.quicktime.software"])
        return device == Device() ? nil : device
    }

    private static func dates(_ exif: ExifBlock?, _ container: MediaContainer?) -> [DateEvidence] {
        [
            exif?.original.flatMap { DateText.evidence($0, .exifOriginal) },
            exif?.digitised.flatMap { DateText.evidence($0, .exifDigitised) },
            exif?.modified.flatMap { DateText.evidence($0, .exifModified) },
            container?.tags["com.apple.quicktime.creationdate"].flatMap { DateText.evidence($0, .quickTimeKeys) },
            container?.tags["creation_time"].flatMap { DateText.evidence($0, .containerCreation) },
        ].compactMap(\.self)
    }

    private static var tools: [String: String] {
        ["libmagic": MagicDatabase.version, "libavformat": MediaContainer.version]
    }
}

extension MediaContainer {
    /// The track that is looked at.
    fileprivate var picture: Stream? { streams.first { $0.kind == .video } }

    fileprivate var hasPosition: Bool {
        tags.keys.contains { $0 == "location" || $0.hasPrefix("location-") || $0.contains("location.iso6709") }
    }
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
