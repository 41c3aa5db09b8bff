internal import Artefacts
internal import InspectionWire
internal import Reading

/// A ZIP, or one of the many formats that are one.
enum ZipFile {
    private static let archives = [".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab", ".iso"]

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard let zip = ZipDirectory(file) else { return nil }
        let members = ZipMembers(file: file, zip: zip)
        let document =
            OfficePackage.finding(members) ?? OpenDocument.finding(members) ?? PackagedDrawing.finding(members)
            ?? IWorkPackage.finding(members) ?? PackagedProgram.finding(members)
        var finding = document ?? FormatFinding("application/zip", puid: "x-fmt/263")
        finding.wholeness = members.wholeness
        // Office documents are text, which packs well.
        finding.features.formUnion(members.features(ratio: document == nil ? 20 : 100))
        if document == nil {
            let names = zip.names.map { $0.lowercased() }
            if names.contains(where: { name in archives.contains { name.hasSuffix($0) } }) {
                finding.features.insert(.nestedArchive)
            }
            if names.contains(where: ProgramNames.isProgram) { finding.features.insert(.embeddedProgram) }
        }
        if document != nil { finding.dates = OfficeDates.dates(of: members, finding.mimeType) }
        finding.end = zip.end
        return finding
    }
}

/// What programs are called.
enum ProgramNames {
    private static let endings: Set<Substring> = [
        "exe", "com", "scr", "pif", "dll", "msi", "msp", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "wsf",
        "wsh", "hta", "jar", "apk", "lnk", "reg", "cpl", "sh", "app", "dmg", "appx", "msix", "chm", "sys", "gadget",
    ]

    static func isProgram(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return endings.contains(Substring(name[name.index(after: dot)...].lowercased()))
    }
}
