internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire
internal import Reading

/// The header objects of WMV and WMA.
///
/// Source: Microsoft, Advanced Systems Format (ASF) Specification 01.20.03, sections 3 and 10.
enum WindowsMedia {
    private static let header = guid("3026B2758E66CF11A6D900AA0062CE6C")
    private static let properties = guid("A1DCAB8C47A9CF118EE400C00C205365")
    private static let streamProperties = guid("9107DCB7B7A9CF118EE600C00C205365")
    private static let video = guid("C0EF19BC4D5BCF11A8FD00805F5C442B")
    private static let protections = [
        guid("FBB3112223BDD211B4B700A0C955FC6E"), guid("14E68A292226174CB935DAE07EE9289C"),
        guid("8D500543B6499E4B9D74AD12CB86D58C"),
    ]
    private static let maximumObjects = 1000

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.starts(with: header), let size: Int64 = head.littleEndian(16) else { return nil }
        var finding = FormatFinding("video/x-ms-wmv", sound: "audio/x-ms-wma", puid: "fmt/133")
        guard size >= 30, size <= file.size else {
            finding.wholeness = .damaged(evidence: "the header is cut")
            return finding
        }
        var position: Int64 = 30
        var hasVideo = false
        for _ in 0..<maximumObjects where position < size {
            let object = file.read(at: position, count: 104)
            guard object.count >= 24, let length: Int64 = object.littleEndian(16), length >= 24, length <= size else {
                break
            }
            if object.starts(with: properties), object.count >= 92 {
                finding.wholeness = wholeness(file, object)
                // Behind the identifier of the file and its size.
                finding.dates = Date(fileTime: object, at: 48).map { [DateText.evidence($0, .containerCreation)] } ?? []
            }
            if object.starts(with: streamProperties), object[24...].starts(with: video) { hasVideo = true }
            if protections.contains(where: { object.starts(with: $0) }) { finding.features.insert(.rightsManaged) }
            position += length
        }
        if !hasVideo { (finding.mimeType, finding.puid) = ("audio/x-ms-wma", "fmt/132") }
        return finding
    }

    /// A live recording knows neither its size nor its length.
    private static func wholeness(_ file: FileBytes, _ object: [UInt8]) -> Wholeness {
        guard let size: Int64 = object.littleEndian(40), let flags: UInt32 = object.littleEndian(88), flags & 1 == 0,
            size > 0
        else { return .unknown }
        return .whole(size <= file.size, or: "shorter than its header says")
    }

    private static func guid(_ text: String) -> [UInt8] {
        stride(from: 0, to: text.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
    }
}
