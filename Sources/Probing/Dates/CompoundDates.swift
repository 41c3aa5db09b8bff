internal import Artefacts
internal import FoundationEssentials
internal import InspectionWire
internal import Reading

/// When an old office document was made, or a message of Outlook was sent.
///
/// Source: [MS-OLEPS], SummaryInformation; [MS-OXMSG] 2.4 and [MS-OXOMSG], PidTagClientSubmitTime.
enum CompoundDates {
    private static let maximumStream = 1 << 20

    static func dates(of file: CompoundFile) -> [DateEvidence] {
        if let properties = file.topStream("__properties_version1.0", limit: maximumStream) {
            return message(properties)
        }
        guard let summary = file.topStream("\u{5}SummaryInformation", limit: maximumStream) else { return [] }
        return [
            date(12, in: summary).map { DateText.evidence($0, .documentCreation) },
            date(13, in: summary).map { DateText.evidence($0, .documentModification, .modified) },
        ].compactMap(\.self)
    }

    /// A fixed header, and then 16 bytes for each property: its tag, flags, a value.
    private static func message(_ properties: [UInt8]) -> [DateEvidence] {
        for index in stride(from: 32, to: properties.count - 15, by: 16).prefix(1000)
        where properties.littleEndian(index) == UInt32(0x0039_0040) {
            return Date(fileTime: properties, at: index + 8).map { [DateText.evidence($0, .mailSent, .sent)] } ?? []
        }
        return []
    }

    /// A FILETIME of the first section of a property set.
    private static func date(_ property: UInt32, in set: [UInt8]) -> Date? {
        guard let section: UInt32 = set.littleEndian(44), let count: UInt32 = set.littleEndian(Int(section) + 4) else {
            return nil
        }
        for entry in 0..<Int(min(count, 200)) {
            let index = Int(section) + 8 + entry * 8
            guard set.littleEndian(index) == property, let offset: UInt32 = set.littleEndian(index + 4) else {
                continue
            }
            let value = Int(section) + Int(offset)
            return set.littleEndian(value) == UInt32(0x40) ? Date(fileTime: set, at: value + 4) : nil
        }
        return nil
    }
}
