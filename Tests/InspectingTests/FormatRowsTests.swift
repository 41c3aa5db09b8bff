import Artefacts
import Foundation
import InspectionWire
import Testing

@testable import Inspecting

/// A file of a row of the table of formats, and what that table says of it.
struct FormatRow: Sendable, CustomTestStringConvertible {
    enum Policy: Sendable {
        case accept
        /// Kept, and never shown within a browser.
        case acceptForDownload
        /// With words of the sentence that the sender reads.
        case hold(String)
        case refuse(String)
    }

    let number: Int
    let name: String
    let type: MediaType
    let features: [Feature]
    let wholeness: Wholeness
    let puid: PUID?
    let policy: Policy

    init(
        _ number: Int, _ name: String, _ type: MediaType, _ features: [Feature] = [], _ policy: Policy,
        wholeness: Wholeness = .whole, puid: PUID? = nil
    ) {
        self.number = number
        self.name = name
        self.type = type
        self.features = features
        self.policy = policy
        self.wholeness = wholeness
        self.puid = puid
    }

    var testDescription: String { "row \(number): \(name) \(features.map(\.rawValue))" }

    var report: InspectionReport {
        InspectionReport(
            mimeType: type, magicMimeType: type, puid: puid, wholeness: wholeness, features: features, media: Media(),
            device: nil, dates: [], tools: [:])
    }

    static let all = pictures + videos + recordings + documents + others

    static let pictures: [FormatRow] = [
        FormatRow(1, "IMG-20260501-WA0001.jpg", "image/jpeg", .accept),
        FormatRow(1, "poster.jpg", "image/jpeg", [.hugePicture], .hold("at once")),
        FormatRow(2, "IMG_0001.JPG", "image/jpeg", .accept, puid: "x-fmt/391"),
        FormatRow(3, "PXL_20260501.MP.jpg", "image/jpeg", [.motion], .accept),
        FormatRow(4, "IMG_0001.HEIC", "image/heic", .accept),
        FormatRow(5, "IMG_0002.HEIC", "image/heif", .accept),
        FormatRow(5, "burst.heics", "image/heic-sequence", [.animated], .accept),
        FormatRow(5, "burst.heifs", "image/heif-sequence", [.animated], .accept),
        FormatRow(6, "a.avif", "image/avif", .accept),
        FormatRow(7, "Screenshot.png", "image/png", .accept),
        FormatRow(8, "replay.png", "image/apng", [.animated], .accept),
        FormatRow(8, "endless.png", "image/apng", [.animated, .tooManyParts], .hold("at once")),
        FormatRow(9, "a.gif", "image/gif", [.animated], .accept),
        FormatRow(9, "script.gif", "image/gif", [.polyglot], .accept),
        FormatRow(10, "sticker.webp", "image/webp", .accept),
        FormatRow(11, "scan.tif", "image/tiff", .accept),
        FormatRow(12, "scan.bmp", "image/bmp", .accept),
        FormatRow(13, "IMG_0003.DNG", "image/dng", .accept),
        FormatRow(14, "a.jxl", "image/jxl", .acceptForDownload),
        FormatRow(15, "a.jp2", "image/jp2", .accept),
        FormatRow(16, "drawing.svg", "image/svg+xml", .acceptForDownload),
        FormatRow(16, "drawing.svg", "image/svg+xml", [.script], .hold("instructions for a computer")),
        FormatRow(16, "drawing.svg", "image/svg+xml", [.externalContent], .hold("instructions for a computer")),
        FormatRow(16, "drawing.svg", "image/svg+xml", [.embeddedObjects], .hold("instructions for a computer")),
        FormatRow(16, "drawing.svg", "image/svg+xml", [.documentType], .hold("instructions for a computer")),
        FormatRow(17, "drawing.psd", "image/vnd.adobe.photoshop", .accept),
        FormatRow(18, "drawing.procreate", "application/x-procreate", .acceptForDownload),
        FormatRow(19, "drawing.kra", "application/x-krita", .acceptForDownload),
        FormatRow(19, "drawing.ora", "image/openraster", .acceptForDownload),
    ]

    static let videos: [FormatRow] = [
        FormatRow(20, "VID-WA0001.mp4", "video/mp4", .accept),
        FormatRow(22, "IMG_0001.MOV", "video/quicktime", .accept),
        FormatRow(23, "MOV001.3gp", "video/3gpp", .accept),
        FormatRow(23, "MOV001.3g2", "video/3gpp2", .accept),
        FormatRow(23, "call.3gp", "audio/3gpp", .accept),
        FormatRow(24, "recording.webm", "video/webm", .accept, wholeness: .unknown),
        FormatRow(24, "recording.webm", "audio/webm", .accept, wholeness: .unknown),
        FormatRow(25, "recording.mp4", "video/mp4", .accept, puid: "fmt/199"),
        FormatRow(26, "a.mkv", "video/x-matroska", .accept),
        FormatRow(27, "a.avi", "video/x-msvideo", .accept),
        FormatRow(28, "a.wmv", "video/x-ms-wmv", .accept),
        FormatRow(28, "a.wmv", "video/x-ms-wmv", [.rightsManaged], .hold("only with a licence")),
        FormatRow(29, "00001.MTS", "video/mp2t", .accept),
        FormatRow(30, "VTS_01_1.VOB", "video/mpeg", .accept),
    ]

    static let recordings: [FormatRow] = [
        FormatRow(31, "New Recording.m4a", "audio/mp4", .accept),
        FormatRow(33, "a.aac", "audio/aac", .accept),
        FormatRow(34, "a.mp3", "audio/mpeg", .accept),
        FormatRow(35, "a.wav", "audio/wav", .accept),
        FormatRow(36, "court.wav", "audio/wav", .accept, puid: "fmt/712"),
        FormatRow(37, "PTT-20260501-WA0001.opus", "audio/ogg", .accept),
        FormatRow(39, "a.amr", "audio/amr", .accept),
        FormatRow(40, "a.awb", "audio/amr-wb", .accept),
        FormatRow(41, "a.caf", "audio/x-caf", .accept),
        FormatRow(42, "a.flac", "audio/flac", .accept),
        FormatRow(43, "a.wma", "audio/x-ms-wma", .accept),
        FormatRow(43, "a.wma", "audio/x-ms-wma", [.rightsManaged], .hold("only with a licence")),
        FormatRow(44, "a.aiff", "audio/aiff", .accept),
        FormatRow(45, "DM550001.DSS", "audio/x-dss", .acceptForDownload),
        FormatRow(45, "DM550001.DS2", "audio/x-dss", [.passwordLocked], .hold("without a password")),
    ]

    static let documents: [FormatRow] = [
        FormatRow(46, "letter.pdf", "application/pdf", .accept),
        FormatRow(46, "letter.pdf", "application/pdf", [.leadingData], .accept),
        FormatRow(47, "form.pdf", "application/pdf", [.script], .acceptForDownload),
        FormatRow(47, "form.pdf", "application/pdf", [.embeddedFiles], .acceptForDownload),
        FormatRow(47, "form.pdf", "application/pdf", [.richMedia], .acceptForDownload),
        FormatRow(47, "folder.pdf", "application/pdf", .acceptForDownload, puid: "fmt/1451"),
        FormatRow(47, "form.pdf", "application/pdf", [.launchAction], .hold("program inside")),
        FormatRow(47, "form.pdf", "application/pdf", [.embeddedProgram, .embeddedFiles], .hold("program inside")),
        FormatRow(48, "letter.pdf", "application/pdf", [.ownerLocked], .accept),
        FormatRow(48, "letter.pdf", "application/pdf", [.passwordLocked], .hold("without a password")),
        FormatRow(49, "a.docx", docx, .accept),
        FormatRow(49, "a.docx", docx, [.externalContent], .accept),
        FormatRow(49, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", .accept),
        FormatRow(49, "a.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", .accept),
        FormatRow(50, "a.docm", "application/vnd.ms-word.document.macroenabled.12", .hold("macros")),
        FormatRow(50, "a.xlsm", "application/vnd.ms-excel.sheet.macroenabled.12", .hold("macros")),
        FormatRow(50, "a.pptm", "application/vnd.ms-powerpoint.presentation.macroenabled.12", .hold("macros")),
        FormatRow(50, "a.dotm", "application/vnd.ms-word.template.macroenabled.12", .hold("macros")),
        FormatRow(50, "a.xlsb", "application/vnd.ms-excel.sheet.binary.macroenabled.12", .hold("macros")),
        FormatRow(50, "a.xlam", "application/vnd.ms-excel.addin.macroenabled.12", .hold("macros")),
        FormatRow(50, "a.docx", docx, [.macros], .hold("macros")),
        FormatRow(51, "a.doc", "application/msword", .accept),
        FormatRow(51, "a.xls", "application/vnd.ms-excel", .accept),
        FormatRow(51, "a.ppt", "application/vnd.ms-powerpoint", .accept),
        FormatRow(51, "a.doc", "application/msword", [.macros], .hold("macros")),
        FormatRow(51, "a.xls", "application/vnd.ms-excel", .hold("macros"), puid: "fmt/555"),
        FormatRow(52, "a.docx", "application/encrypted", .hold("without a password")),
        FormatRow(52, "a.doc", "application/msword", [.passwordLocked], .hold("without a password")),
        FormatRow(53, "a.odt", "application/vnd.oasis.opendocument.text", .accept),
        FormatRow(53, "a.ods", "application/vnd.oasis.opendocument.spreadsheet", [.macros], .hold("macros")),
        FormatRow(53, "a.odp", "application/vnd.oasis.opendocument.presentation", .accept),
        FormatRow(54, "a.rtf", "text/rtf", .accept),
        FormatRow(54, "a.rtf", "text/rtf", [.embeddedObjects], .hold("of another program")),
        FormatRow(55, "_chat.txt", "text/plain", .accept, wholeness: .unknown),
        FormatRow(55, "a.csv", "text/csv", .accept),
        FormatRow(55, "a.md", "text/markdown", .accept),
        FormatRow(56, "WhatsApp Chat.zip", "application/zip", .accept),
        FormatRow(56, "a.zip", "application/zip", [.archiveBomb], .hold("one by one")),
        FormatRow(56, "a.zip", "application/zip", [.unsafePaths], .hold("one by one")),
        FormatRow(56, "a.zip", "application/zip", [.nestedArchive], .hold("one by one")),
        FormatRow(57, "a.zip", "application/zip", [.passwordLocked], .hold("without a password")),
        FormatRow(58, "a.eml", "message/rfc822", .acceptForDownload),
        FormatRow(58, "a.msg", "application/vnd.ms-outlook", .acceptForDownload),
        FormatRow(59, "a.pages", "application/vnd.apple.pages", .acceptForDownload),
        FormatRow(59, "a.numbers", "application/vnd.apple.numbers", .acceptForDownload),
        FormatRow(59, "a.key", "application/vnd.apple.keynote", .acceptForDownload),
        FormatRow(60, "a.one", "application/onenote", .hold("OneNote")),
        FormatRow(61, "a.vtt", "text/vtt", .accept),
        FormatRow(61, "a.srt", "application/x-subrip", .accept),
        FormatRow(61, "a.vcf", "text/vcard", .acceptForDownload),
        FormatRow(61, "a.ics", "text/calendar", .acceptForDownload),
        FormatRow(61, "a.json", "application/json", .acceptForDownload),
        FormatRow(61, "a.xml", "application/xml", .acceptForDownload),
        FormatRow(61, "a.xml", "application/xml", [.documentType], .hold("fetch other files")),
    ]

    static let others: [FormatRow] = [
        FormatRow(62, "a.html", "text/html", .hold("web page")),
        FormatRow(62, "a.xhtml", "application/xhtml+xml", .hold("web page")),
        FormatRow(62, "a.hta", "text/html", .hold("web page")),
        FormatRow(62, "a.mhtml", "message/rfc822", .hold("web page")),
        FormatRow(62, "a.webloc", "application/x-apple-webloc", .hold("web page")),
        FormatRow(62, "a.webloc", "application/xml", .hold("web page")),
        FormatRow(63, "holiday.jpg", "application/vnd.microsoft.portable-executable", .refuse("is a program")),
        FormatRow(63, "a", "application/x-executable", .refuse("is a program")),
        FormatRow(63, "a", "application/x-mach-binary", .refuse("is a program")),
        FormatRow(63, "a.apk", "application/vnd.android.package-archive", .refuse("is a program")),
        FormatRow(63, "a.jar", "application/java-archive", .refuse("is a program")),
        FormatRow(63, "a.jar", "application/zip", .refuse("is a program")),
        FormatRow(63, "A.class", "application/x-java-applet", .refuse("is a program")),
        FormatRow(63, "a.msi", "application/x-msi", .refuse("is a program")),
        FormatRow(63, "a.lnk", "application/x-ms-shortcut", .refuse("is a program")),
        FormatRow(63, "a.url", "text/plain", .refuse("is a program")),
        FormatRow(63, "a.bat", "text/x-msdos-batch", .refuse("is a program")),
        FormatRow(63, "a.ps1", "text/plain", .refuse("is a program")),
        FormatRow(63, "a.VBS", "text/plain", .refuse("is a program")),
        FormatRow(63, "a.ps1", "text/x-c++", .refuse("is a program")),
        FormatRow(63, "a.js", "text/plain", .refuse("is a program")),
        FormatRow(63, "a.js", "application/json", .refuse("is a program")),
        FormatRow(63, "a.sh", "text/x-shellscript", .refuse("is a program")),
        FormatRow(63, "a.scr", "application/octet-stream", .refuse("is a program")),
        FormatRow(64, "a.iso", "application/x-iso9660-image", .hold("copy of a whole disc")),
        FormatRow(64, "a.dmg", "application/x-apple-diskimage", .hold("copy of a whole disc")),
        FormatRow(64, "a.vhd", "application/x-vhd", .hold("copy of a whole disc")),
        FormatRow(65, "a.7z", "application/x-7z-compressed", .hold("or a ZIP")),
        FormatRow(65, "a.rar", "application/x-rar", .hold("or a ZIP")),
        FormatRow(65, "a.tgz", "application/gzip", .hold("or a ZIP")),
        FormatRow(65, "a.tar", "application/x-tar", .hold("or a ZIP")),
        FormatRow(66, "a.m3u8", "application/vnd.apple.mpegurl", .refuse("only a list")),
        FormatRow(66, "film.mp4", "application/vnd.apple.mpegurl", .refuse("only a list")),
        FormatRow(66, "film.mp4", "text/x-ffconcat", .refuse("only a list")),
        FormatRow(66, "a.ffconcat", "text/plain", .refuse("only a list")),
        FormatRow(66, "a.sdp", "text/plain", .refuse("only a list")),
        FormatRow(66, "a.pls", "text/plain", .refuse("only a list")),
        FormatRow(66, "a.asx", "application/xml", .refuse("only a list")),
        FormatRow(66, "a.mpd", "application/xml", .refuse("only a list")),
        FormatRow(67, "._IMG_1.JPG", "application/applefile", .refuse("Please send IMG_1.JPG.")),
        FormatRow(67, "._IMG_1.JPG", "application/octet-stream", [.sidecar], .refuse("Please send IMG_1.JPG.")),
        FormatRow(67, ".DS_Store", "application/octet-stream", .refuse("hidden helper file")),
        FormatRow(67, "DS_Store", "application/x-apple-dsstore", .refuse("hidden helper file")),
        FormatRow(67, "Thumbs.db", "application/vnd.ms-thumbs", .refuse("hidden helper file")),
        FormatRow(67, "desktop.ini", "application/x-desktop-ini", .refuse("hidden helper file")),
        FormatRow(67, "Thumbs.db", "application/x-ole-storage", .refuse("hidden helper file")),
        FormatRow(67, "Desktop.ini", "text/plain", .refuse("hidden helper file")),
        FormatRow(68, "IMG_0001.AAE", "application/xml", [.sidecar], .acceptForDownload),
        FormatRow(68, "IMG_0001.AAE", "application/x-bplist", .acceptForDownload),
        FormatRow(68, "a.xmp", "application/rdf+xml", [.sidecar], .acceptForDownload),
        FormatRow(68, "IMG.jpg.supplemental-metadata.json", "application/json", .acceptForDownload),
        FormatRow(
            69, "a.jpg", "application/octet-stream", [.onlyZeros], .refuse("nothing in this file but zeros"),
            wholeness: .damaged(evidence: "nothing but zeros")),
        FormatRow(
            70, "a.jpg", "image/jpeg", .hold("cut short"), wholeness: .damaged(evidence: "no end-of-image marker")),
        FormatRow(70, "a.mp4", "video/mp4", .hold("cut short"), wholeness: .damaged(evidence: "no movie box")),
        FormatRow(71, "a.jpg", "image/jpeg", [.trailingData, .polyglot], .accept),
        FormatRow(71, "a.jpg", "image/jpeg", [.trailingData, .largeTrailingData, .polyglot], .hold("behind the end")),
        FormatRow(71, "a.jpg", "image/jpeg", [.trailingData, .polyglot, .embeddedProgram], .hold("program inside")),
        FormatRow(71, "a.pdf", "application/pdf", [.polyglot], .accept),
        FormatRow(72, "a.dcm", "application/dicom", .hold("health record")),
        FormatRow(73, "a.bin", "application/octet-stream", .hold("does not know this kind"), wholeness: .unknown),
        FormatRow(73, "a.asc", "application/pgp-encrypted", .hold("without a password")),
        FormatRow(73, "a.pst", "application/vnd.ms-outlook-pst", .hold("whole mailbox")),
        FormatRow(73, "IMG_0001.CR2", "image/x-canon-cr2", .hold("does not know this kind")),
    ]

    private static let docx: MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
}

extension FormatRow {
    fileprivate init(
        _ number: Int, _ name: String, _ type: MediaType, _ policy: Policy, wholeness: Wholeness = .whole,
        puid: PUID? = nil
    ) {
        self.init(number, name, type, [], policy, wholeness: wholeness, puid: puid)
    }
}

@Suite struct FormatRowsTests {
    @Test(arguments: FormatRow.all)
    func `each row of the table of formats is decided as it stands there`(_ row: FormatRow) {
        let finding = verdict(row.report, named: row.name).finding

        switch row.policy {
        case .accept:
            #expect(finding.state == .kept)
            #expect(finding.presentation == .asUsual)
            #expect(finding.reasons.isEmpty)
        case .acceptForDownload:
            #expect(finding.state == .kept)
            #expect(finding.presentation == .download)
            #expect(!finding.mayBeShown)
        case .hold(let words):
            #expect(finding.state == .held)
            #expect(finding.reasons.joined().contains(words), "\(finding.reasons)")
            #expect(finding.reasons.joined().contains("safe") || finding.reasons.joined().contains("We kept"))
        case .refuse(let words):
            #expect(finding.state == .refused)
            #expect(finding.reasons.joined().contains(words), "\(finding.reasons)")
            #expect(finding.reasons.joined().contains("Please send"))
        }
    }

    @Test func `every row that is about a format of its own has a case`() {
        // The rest are the same types as their neighbours: HEVC, ALAC, Vorbis.
        #expect(Set(1...73).subtracting(FormatRow.all.map(\.number)) == [21, 32, 38])
    }

    @Test(arguments: [
        ("IMG_1.JPG", MediaType("image/heic"), true), ("IMG_1.HEIC", "image/jpeg", true),
        ("IMG_1.MOV", "image/heic", true),
        ("IMG_1.JPEG", "image/jpeg", false), ("photo", "image/jpeg", false), ("film.MP4", "audio/mp4", false),
        ("drawing", "application/x-executable", false),
    ])
    func `the content decides, and that the name says another format is noted`(
        _ name: String, _ type: MediaType, _ isNoted: Bool
    ) throws {
        let report = FormatRow(0, name, type, .accept).report

        let verdict = verdict(report, named: name)
        let evidence = try #require(verdict.finding.report)

        #expect((verdict.decision.notes == [.extensionMismatch]) == isNoted)
        #expect(evidence.contains("extensionMismatch") == isNoted)
        #expect((verdict.finding.state == .kept) == (type.type != "application"))
    }

    @Test func `what is kept as evidence is the report, with the rule that decided`() throws {
        let row = FormatRow(48, "letter.pdf", "application/pdf", [.ownerLocked], .accept, puid: "fmt/18")

        let finding = verdict(row.report, named: "letter.pdf").finding
        let evidence = Data(try #require(finding.report).utf8)
        let decision = try #require(try JSONSerialization.jsonObject(with: evidence) as? [String: Any])["decision"]

        #expect(try JSONDecoder().decode(InspectionReport.self, from: evidence) == row.report)
        #expect((decision as? [String: Any])?["rule"] as? String == "document")
        #expect(finding.puid == "fmt/18")
    }

    private func verdict(_ report: InspectionReport, named name: String) -> Verdict {
        let clues = CaptureClues(fileName: FileName(declared: name), receivedAt: Date())
        return Verdict(report, clues: clues, zone: .unitedKingdom, by: .builtIn)
    }
}
