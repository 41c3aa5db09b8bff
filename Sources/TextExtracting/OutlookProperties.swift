internal import FoundationEssentials
internal import Reading

/// What is said of one message, or of one thing that is attached to it.
///
/// Source: [MS-OXMSG] 2.2 to 2.4.
struct OutlookProperties {
    private let compound: CompoundFile
    private let members: [CompoundFile.Entry]
    /// 16 bytes for each property: its type and number, flags, a value.
    private let fixed: [UInt8]

    private static let maximumTable = 1 << 20
    private static let maximumText = 8 << 20

    /// - Parameter headerSize: bytes before the first property of fixed size.
    init(of storage: CompoundFile.Entry, in compound: CompoundFile, headerSize: Int) {
        self.compound = compound
        members = compound.members(of: storage).sorted { $0.name < $1.name }
        let table = members.first { $0.kind == .stream && $0.name == "__properties_version1.0" }
        fixed = table.map { Array(compound.bytes($0, limit: Self.maximumTable).dropFirst(headerSize)) } ?? []
    }

    /// The storages in it whose names begin so, in their order.
    func storages(named prefix: String) -> [CompoundFile.Entry] {
        members.filter { $0.kind == .storage && $0.name.hasPrefix(prefix) }
    }

    /// A text, of the message's own set of characters where it is not Unicode; `nil` where there is none.
    func text(_ property: Int) -> String? {
        if let unicode = stream(property, type: "001F") { return Charset.utf16(unicode, isBigEndian: false) }
        return stream(property, type: "001E").map(decoded)
    }

    func binary(_ property: Int) -> [UInt8]? { stream(property, type: "0102") }

    func date(_ property: Int) -> Date? { value(property, type: 0x0040).flatMap { Date(fileTime: $0) } }

    func isTrue(_ property: Int) -> Bool { value(property, type: 0x000B)?.first.map { $0 != 0 } ?? false }

    /// Text that is not Unicode.
    func decoded(_ bytes: [UInt8]) -> String {
        let page = [0x3FDE, 0x3FFD].lazy.compactMap { value($0, type: 0x0003)?.littleEndian(0, as: Int32.self) }.first
        return Charset.decoded(bytes, Self.name(ofCodePage: page ?? 1252))
    }

    /// Source: Microsoft, Code Page Identifiers.
    private static func name(ofCodePage page: Int32) -> String {
        switch page {
        case 65001: "utf-8"
        case 28591...28606: "iso-8859-\(page - 28590)"
        default: "windows-\(page)"
        }
    }

    private func stream(_ property: Int, type: String) -> [UInt8]? {
        let number = String(property, radix: 16, uppercase: true)
        let name = "__substg1.0_" + String(repeating: "0", count: max(0, 4 - number.count)) + number + type
        return members.first { $0.kind == .stream && $0.name.uppercased() == name.uppercased() }
            .map { compound.bytes($0, limit: Self.maximumText) }
    }

    private func value(_ property: Int, type: Int) -> [UInt8]? {
        let tag = UInt32(truncatingIfNeeded: property << 16 | type)
        for index in stride(from: 0, to: fixed.count - 15, by: 16) where fixed.littleEndian(index) == tag {
            return Array(fixed[index + 8..<index + 16])
        }
        return nil
    }
}
