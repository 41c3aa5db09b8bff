internal import Artefacts
internal import InspectionWire
internal import Reading

/// What is in an OLE compound file: Word, Excel, PowerPoint until 2003, Outlook, or something locked.
///
/// Source: MS-DOC 2.5.1, MS-XLS 2.4.28 and 2.4.117, MS-PPT 2.3.2, MS-OXMSG 2.1, MS-OFFCRYPTO 2.3.4; DROID V122.
enum OldOffice {
    private static let installer: [UInt8] = [
        0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46,
    ]
    private static let maximumStream = 16 << 20

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let compound = CompoundFile(file, head) else { return nil }
        var finding = kind(compound)
        finding.wholeness = .whole(compound.damage == nil, or: compound.damage ?? "")
        finding.dates = CompoundDates.dates(of: compound)
        let names = Set(compound.entries.map { $0.name.lowercased() })
        if !names.isDisjoint(with: ["macros", "_vba_project_cur", "vba", "_vba_project"]) {
            finding.features.insert(.macros)
        }
        let objects = compound.entries.filter { $0.name.hasSuffix("Ole10Native") }
        let hasPool = compound.entries.contains { $0.name == "ObjectPool" && $0.hasMembers }
        if !objects.isEmpty || hasPool { finding.features.insert(.embeddedObjects) }
        if objects.contains(where: { isProgram(compound.bytes($0, limit: 4096)) }) {
            finding.features.insert(.embeddedProgram)
        }
        if TrailingBytes.hasArchive(file, behind: 512), !finding.features.contains(.embeddedObjects) {
            finding.features.insert(.polyglot)
        }
        return finding
    }

    private static func kind(_ compound: CompoundFile) -> FormatFinding {
        if compound.has("EncryptedPackage") { return locked("fmt/494") }
        if compound.has("WordDocument") { return word(compound) }
        if compound.has("Workbook") || compound.has("Book") { return excel(compound) }
        if compound.has("PowerPoint Document") { return powerPoint(compound) }
        if compound.has("__properties_version1.0") || compound.has("__nameid_version1.0") {
            var finding = FormatFinding("application/vnd.ms-outlook", puid: "x-fmt/430")
            if compound.entries.contains(where: { $0.name.hasPrefix("__attach_version1.0") }) {
                finding.features.insert(.embeddedFiles)
            }
            return finding
        }
        if compound.entries.first?.classID == installer { return FormatFinding("application/x-msi", puid: "fmt/111") }
        if compound.has("Catalog") {
            var finding = FormatFinding("application/vnd.ms-thumbs", puid: "fmt/682")
            finding.features.insert(.sidecar)
            return finding
        }
        return FormatFinding("application/x-ole-storage", puid: "fmt/111")
    }

    private static func locked(_ puid: PUID?) -> FormatFinding {
        var finding = FormatFinding("application/encrypted", puid: puid)
        finding.features.insert(.passwordLocked)
        return finding
    }

    private static func word(_ compound: CompoundFile) -> FormatFinding {
        let head = compound.stream("WordDocument", limit: 32)
        guard let version: UInt16 = head.littleEndian(2), let flags: UInt16 = head.littleEndian(10) else {
            return FormatFinding("application/msword", puid: "fmt/609")
        }
        let isTemplate = flags & 1 == 1
        if flags & 0x100 != 0 { return locked(isTemplate ? "fmt/755" : "fmt/754") }
        let puid: PUID = version >= 0xC1 ? (isTemplate ? "x-fmt/45" : "fmt/40") : version >= 0x65 ? "fmt/39" : "fmt/609"
        return FormatFinding("application/msword", puid: puid)
    }

    private static func excel(_ compound: CompoundFile) -> FormatFinding {
        let book = compound.has("Workbook") ? "Workbook" : "Book"
        let records = SheetRecords(compound.stream(book, limit: 1 << 20))
        let puid: PUID = records.version == 0x600 ? "fmt/61" : "fmt/59"
        if records.isLocked { return locked(puid) }
        var finding = FormatFinding("application/vnd.ms-excel", puid: puid)
        if records.hasMacroSheet { finding.features.insert(.macros) }
        if records.sheets > 0 { finding.pages = records.sheets }
        return finding
    }

    private static func powerPoint(_ compound: CompoundFile) -> FormatFinding {
        // The token that says the document is encrypted.
        if compound.stream("Current User", limit: 16).littleEndian(12, as: UInt32.self) == 0xF3D1_C4DF {
            return locked("fmt/126")
        }
        var finding = FormatFinding("application/vnd.ms-powerpoint", puid: "fmt/126")
        let document = compound.stream("PowerPoint Document", limit: maximumStream)
        if document.containsBytes([0x1F, 0x00, 0xFF, 0x03]) { finding.features.insert(.macros) }
        return finding
    }

    /// The name that an embedded file had stands before it.
    private static func isProgram(_ object: [UInt8]) -> Bool {
        object.dropFirst(6).prefix(1024).split(separator: 0).prefix(4).contains {
            ProgramNames.isProgram(String(decoding: $0, as: UTF8.self))
        } || object.contains(text: "This program cannot be run")
    }
}

/// The records at the beginning of a workbook.
private struct SheetRecords {
    private(set) var version: UInt16 = 0
    private(set) var isLocked = false
    private(set) var hasMacroSheet = false
    private(set) var sheets = 0

    init(_ bytes: [UInt8]) {
        var index = 0
        while let kind: UInt16 = bytes.littleEndian(index), let length: UInt16 = bytes.littleEndian(index + 2) {
            switch kind {
            case 0x0809 where index == 0: version = bytes.littleEndian(4) ?? 0
            case 0x002F: isLocked = true
            case 0x0085:
                sheets += 1
                // The type of the sheet: 1 is one of Excel 4 macros.
                if index + 9 < bytes.count, bytes[index + 9] == 1 { hasMacroSheet = true }
            case 0x000A: return
            default: break
            }
            index += 4 + Int(length)
        }
    }
}
