internal import Artefacts
internal import InspectionWire
internal import Reading

/// When and where a file says it was made, and with what: all that its format has of that.
struct Origin {
    private(set) var dates: [DateEvidence] = []
    private(set) var hasPosition = false
    private(set) var position: Position?
    private(set) var exif: ExifBlock?
    private(set) var device = Device()

    /// As EXIF has it; `nil` where a picture in boxes is turned by a property of its own, which EXIF only repeats.
    var orientation: Int? { isInBoxes ? nil : exif?.orientation }
    private let isInBoxes: Bool

    /// - Parameters:
    ///   - finding: what the file's reader found.
    ///   - container: what libavformat says of it.
    init(_ file: FileBytes, _ finding: FormatFinding?, _ container: MediaContainer?) {
        isInBoxes = !(finding?.boxes.isEmpty ?? true)
        if let finding { take(finding, file) }
        if let container { takeTags(container) }
        dates = Array(dates.prefix(InspectionReport.maximumDates))
        fillDevice(container)
    }

    private mutating func take(_ finding: FormatFinding, _ file: FileBytes) {
        takeImage(finding.exif, finding.xmp)
        if finding.boxes.contains(where: { $0.type == "moov" }) { take(MovieBoxes(file, finding.boxes)) }
        add(finding.dates)
        takePosition(finding.position, finding.hasPosition)
        if finding.exif == nil, finding.boxes.isEmpty, let tiff = ExifBlock(tiff: file) { take(tiff) }
    }

    private mutating func takeImage(_ block: [UInt8]?, _ packet: [UInt8]?) {
        if let exif = block.flatMap({ ExifBlock($0) }) { take(exif) }
        if let packet { take(XMPPacket(packet)) }
    }

    private mutating func take(_ found: ExifBlock) {
        exif = found
        add(
            [
                found.original.flatMap { DateText.evidence($0.written, .exifOriginal) },
                found.digitised.flatMap {
                    DateText.evidence($0.written, .exifDigitised, found.isScan ? .digitised : .created)
                },
                found.positionTime.flatMap { DateText.evidence($0, .positionTime) },
                found.modified.flatMap { DateText.evidence($0.written, .exifModified, .modified) },
            ].compactMap(\.self))
        takePosition(found.position, found.hasPosition)
        if let packet = found.xmp { take(XMPPacket(packet)) }
    }

    private mutating func take(_ packet: XMPPacket) {
        add(packet.dates)
        takePosition(packet.position, packet.hasPosition)
    }

    private mutating func take(_ movie: MovieBoxes) {
        add(movie.dates)
        // A preview has the date of the recording.
        if let original = movie.exif.flatMap({ ExifBlock($0) })?.original {
            add([DateText.evidence(original.written, .makerOriginal, .started)].compactMap(\.self))
        }
        if let packet = movie.xmp { take(XMPPacket(packet)) }
        takePosition(nil, movie.hasPositions)
        device = Device(
            make: movie.keys["com.apple.quicktime.make"] ?? movie.keys["com.android.manufacturer"] ?? movie.maker,
            model: movie.keys["com.apple.quicktime.model"] ?? movie.keys["com.android.model"],
            software: movie.keys["com.apple.quicktime.software"]
                ?? movie.keys["com.android.version"].map { "Android \($0)" })
    }

    /// Where libavformat is the reader; the boxes and chunks above are not read twice.
    private mutating func takeTags(_ container: MediaContainer) {
        let format = container.format.prefix { $0 != "," }
        if format == "matroska", let text = container.tags["creation_time"] {
            add([DateText.evidence(text, .containerCreation)].compactMap(\.self))
        }
        // A broadcast WAV has its date as `date` too, and a time as `creation_time`.
        if !["wav", "w64", "avi"].contains(format), let text = container.tags["date"] {
            add([DateText.evidence(text, .audioTag)].compactMap(\.self))
        }
        let places = container.tags.filter { $0.key.hasPrefix("location") || $0.key.contains("location.iso6709") }
        takePosition(places.values.lazy.compactMap { Position(iso6709: $0) }.first, !places.isEmpty)
    }

    private mutating func fillDevice(_ container: MediaContainer?) {
        let tags = container?.tags ?? [:]
        device.make = exif?.make ?? device.make ?? tags["com.apple.quicktime.make"] ?? tags["make"]
        device.model = exif?.model ?? device.model ?? tags["com.apple.quicktime.model"] ?? tags["model"]
        device.software = exif?.software ?? device.software ?? tags["com.apple.quicktime.software"]
    }

    private mutating func takePosition(_ found: Position?, _ isThere: Bool) {
        position = position ?? found
        hasPosition = hasPosition || isThere
    }

    private mutating func add(_ found: [DateEvidence]) {
        for date in found where !dates.contains(date) { dates.append(date) }
    }
}

extension Position {
    /// `+51.5000-000.1200+010.000/`.
    ///
    /// Source: ISO 6709, annex H, in degrees.
    fileprivate init?(iso6709 text: String) {
        var numbers: [String] = []
        for character in text.prefix(64) {
            if character == "+" || character == "-" {
                numbers.append(String(character))
            } else if character.isASCIIDigit || character == ".", !numbers.isEmpty {
                numbers[numbers.count - 1].append(character)
            } else {
                break
            }
        }
        guard numbers.count >= 2, let latitude = Double(numbers[0]), let longitude = Double(numbers[1]) else {
            return nil
        }
        self.init(
            latitude: latitude, longitude: longitude, altitude: numbers.dropFirst(2).first.flatMap { Double($0) },
            source: .recording)
    }
}
