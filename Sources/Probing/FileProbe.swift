internal import Artefacts
package import InspectionWire
package import Reading

/// Looks at one file with everything there is, and reports what it found.
package struct FileProbe: ~Copyable {
    private let magic: MagicDatabase
    private let player: RecordingPlayer?

    /// Loads what has to be loaded before the process confines itself.
    ///
    /// - Parameter player: opens recordings; `nil`: they are left to a probe that has one.
    package init(player: RecordingPlayer? = nil) throws(ProbeError) {
        magic = try MagicDatabase()
        self.player = player
    }

    /// Looks at a file.
    ///
    /// - Throws: ``ProbeError/needsPlayer`` for what is, or may be, a recording, where nothing opens one.
    package func report(on file: FileBytes) throws(ProbeError) -> InspectionReport {
        let prefix = file.read(at: 0, count: MagicDatabase.prefixSize)
        let magicType = MediaType(parsing: try magic.mimeType(of: prefix)) ?? .unknown
        let finding = FormatReaders.finding(in: file, Array(prefix.prefix(FormatReaders.headSize)))
        let container = finding?.isRecording ?? (magicType.type != "text") ? try play(file) : nil

        let decision = TypeDecision(magic: magicType, finding: finding, container: container)
        let check = WholenessCheck(file: file, finding: finding, container: container)
        let origin = Origin(file, finding, container)
        var media = Media()
        let size = Self.size(finding, container)
        media.width = size?.width
        media.height = size?.height
        media.orientation = origin.orientation ?? container?.picture.map(\.orientation)
        media.duration = Self.duration(finding, container).flatMap { $0 < 1e9 ? $0 : nil }
        media.codecs = container?.streams.filter { $0.kind == .video || $0.kind == .audio }.map(\.codec) ?? []
        media.pages = finding?.pages
        media.hasLocation = origin.hasPosition
        return InspectionReport(
            mimeType: decision.mimeType, magicMimeType: magicType, puid: decision.puid,
            wholeness: check.result, features: Self.features(check, size), media: media,
            device: origin.device == Device() ? nil : origin.device, dates: origin.dates, position: origin.position,
            tools: ["libmagic": MagicDatabase.version].merging(player?.tools ?? [:]) { own, _ in own })
    }

    private borrowing func play(_ file: FileBytes) throws(ProbeError) -> MediaContainer? {
        guard let player else { throw .needsPlayer }
        return player.container(file)
    }

    /// Each once, in the order of their declaration.
    private static func features(
        _ check: WholenessCheck, _ size: (width: Int, height: Int)?
    ) -> [Feature] {
        let (file, finding, container) = (check.file, check.finding, check.container)
        var features = finding?.features ?? []
        if let end = finding?.end { features.formUnion(TrailingBytes.features(of: file, behind: end)) }
        if container?.streams.contains(where: \.isProtected) ?? false { features.insert(.rightsManaged) }
        if check.isAllZeros { features.insert(.onlyZeros) }
        if let size, size.width * size.height > maximumPixels { features.insert(.hugePicture) }
        return Feature.allCases.filter(features.contains)
    }

    /// More than any camera or scanner of today makes.
    private static let maximumPixels = 250_000_000

    /// Pixels; `nil` where there are none, or more than any picture has.
    private static func size(
        _ finding: FormatFinding?, _ container: MediaContainer?
    ) -> (width: Int, height: Int)? {
        guard let width = finding?.width ?? container?.picture?.width,
            let height = finding?.height ?? container?.picture?.height,
            (1...1_000_000).contains(width), (1...1_000_000).contains(height)
        else { return nil }
        return (width, height)
    }

    /// Frames that were counted are exact; of a container, what it says comes first.
    private static func duration(_ finding: FormatFinding?, _ container: MediaContainer?) -> Double? {
        guard let finding, finding.soundType == nil else { return container?.duration ?? finding?.duration }
        return finding.duration ?? container?.duration
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
