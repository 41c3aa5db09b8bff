import Artefacts
import Foundation
import Testing

@testable import Serving

@Suite struct ByteRangeTests {
    struct Row: Sendable {
        let field: String?
        let size: Int64
        let range: ByteRange
    }

    @Test(arguments: [
        Row(field: nil, size: 10, range: .whole),
        Row(field: "bytes=0-0", size: 10, range: .part(0..<1)),
        Row(field: "bytes=0-9", size: 10, range: .part(0..<10)),
        Row(field: "bytes=5-", size: 10, range: .part(5..<10)),
        Row(field: "bytes=-3", size: 10, range: .part(7..<10)),
        Row(field: "bytes=-30", size: 10, range: .part(0..<10)),
        Row(field: "bytes=5-500", size: 10, range: .part(5..<10)),
        Row(field: "bytes=0-99999999999999999999", size: 10, range: .part(0..<10)),
        Row(field: "bytes=10-", size: 10, range: .unsatisfiable),
        Row(field: "bytes=99999999999999999999-", size: 10, range: .unsatisfiable),
        Row(field: "bytes=-0", size: 10, range: .unsatisfiable),
        Row(field: "bytes=0-", size: 0, range: .unsatisfiable),
        Row(field: "bytes=5-4", size: 10, range: .whole),
        Row(field: "bytes=a-b", size: 10, range: .whole),
        Row(field: "bytes=", size: 10, range: .whole),
        Row(field: "bytes=-", size: 10, range: .whole),
        Row(field: "bytes=+1-2", size: 10, range: .whole),
        Row(field: "items=0-1", size: 10, range: .whole),
        Row(field: "bytes=0-1,4-5", size: 10, range: .parts([0..<2, 4..<6])),
        Row(field: "bytes=4-5 , -2,0-0", size: 10, range: .parts([4..<6, 8..<10, 0..<1])),
        Row(field: "bytes=0-1,20-30", size: 10, range: .part(0..<2)),
        Row(field: "bytes=20-30,40-", size: 10, range: .unsatisfiable),
        Row(field: "bytes=0-1,x", size: 10, range: .whole),
        Row(field: "bytes=0-1,", size: 10, range: .whole),
        Row(field: "bytes=0-,0-", size: 10, range: .whole),
        Row(field: "bytes=" + (0..<33).map { "\($0)-\($0)" }.joined(separator: ","), size: 100, range: .whole),
    ])
    func `a range is read as RFC 9110 has it`(_ row: Row) {
        #expect(ByteRange(parsing: row.field, size: row.size) == row.range)
    }
}

@Suite struct TusMetadataTests {
    @Test func `keys and values are read, values may be empty`() throws {
        let fields = try TusMetadata(parsing: "filename ZsO2by5qcGc=, is_confidential,caption ").fields

        #expect(fields["filename"] == "föo.jpg")
        #expect(fields.pairs.map(\.name) == ["filename", "is_confidential", "caption"])
    }

    @Test(arguments: ["filename !!!", "a YQ==,a Yg==", "a YQ", "a b c", String(repeating: "x", count: 20_000)])
    func `what is not well-formed is refused`(_ field: String) {
        #expect(throws: Problem.self) { try TusMetadata(parsing: field) }
    }
}

@Suite struct FormFieldsTests {
    @Test func `a query is decoded`() {
        let fields = FormFields(parsing: "a=1+2&b=%C3%A9%2B&c&a=3&d=%zz&e=100%")

        #expect(fields.all("a") == ["1 2", "3"])
        #expect(fields["b"] == "é+")
        #expect(fields["c"] == nil)
        #expect(fields["d"] == "%zz")
        #expect(fields["e"] == "100%")
    }

    @Test(arguments: [
        "lastModified=yesterday", "timeZone=Europe/Camelot", "voice=loud", "lens=life,dreams", "visibility=world",
        "happenedAt=yesterday",
        "caption=" + String(repeating: "x", count: 5000),
    ])
    func `a value that does not fit is refused, not lost`(_ query: String) {
        #expect(throws: Problem.self) {
            let fields = FormFields(parsing: query)
            _ = (try fields.entryWords(), try fields.declaredTimes())
        }
    }

    @Test func `the words of an entry are read`() throws {
        let words = try FormFields(
            parsing: "caption=You+drew&voice=direct&lens=day,life&lens=day&visibility=child&happenedAt=2026-07-01T09:30"
        ).entryWords()

        #expect(words.caption == "You drew")
        #expect(words.lenses == [.day, .life])
        #expect(words.visibility == .child)
        #expect(words.happenedAt == Instant.parse("2026-07-01T08:30:00Z"))
    }

    @Test func `what the sender's device says of the file's time is read`() throws {
        let fields = FormFields(parsing: "lastModified=2026-07-01T09:30:00.250%2B01:00&timeZone=Asia/Kolkata")
        let times = try fields.declaredTimes()

        #expect(times?.lastModified == Instant.parse("2026-07-01T08:30:00.250Z"))
        #expect(times?.timeZone == "Asia/Kolkata")
        #expect(try FormFields(parsing: "caption=x").declaredTimes() == nil)
    }
}

@Suite struct ContentDispositionTests {
    @Test(arguments: [
        ("a.png", "image/png", "inline; filename=\"a.png\"; filename*=UTF-8''a.png"),
        ("é \"x\".html", "text/html", "attachment; filename=\"_ _x_.html\"; filename*=UTF-8''%C3%A9%20%22x%22.html"),
        ("a.svg", "image/svg+xml", "attachment; filename=\"a.svg\"; filename*=UTF-8''a.svg"),
        ("a.pdf", "application/pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ("IMG_1.HEIC", "image/jpeg", "inline; filename=\"IMG_1.jpg\"; filename*=UTF-8''IMG_1.jpg"),
        ("IMG_1.JPEG", "image/jpeg", "inline; filename=\"IMG_1.JPEG\"; filename*=UTF-8''IMG_1.JPEG"),
        ("page.html", "text/plain", "inline; filename=\"page.txt\"; filename*=UTF-8''page.txt"),
        ("a.exe", "image/png", "inline; filename=\"a.png\"; filename*=UTF-8''a.png"),
        ("notes.2026", "text/plain", "inline; filename=\"notes.2026.txt\"; filename*=UTF-8''notes.2026.txt"),
        ("photo", "image/png", "inline; filename=\"photo.png\"; filename*=UTF-8''photo.png"),
        ("a\u{202E}gpj.exe", "image/jpeg", "inline; filename=\"agpj.jpg\"; filename*=UTF-8''agpj.jpg"),
        ("a\r\nX: y.png", "image/png", "inline; filename=\"aX: y.png\"; filename*=UTF-8''aX%3A%20y.png"),
        ("a.aac", "audio/aac", "attachment; filename=\"a.aac\"; filename*=UTF-8''a.aac"),
    ])
    func `only harmless types are shown, and names are encoded`(_ name: String, _ type: String, _ field: String) throws
    {
        let artefact = Artefact(
            id: ArtefactID(), digest: Digester.digest(of: []), size: 1, fileName: FileName(declared: name),
            declaredMimeType: nil, receivedAt: .distantPast,
            finding: Finding(
                state: .kept, reasons: [], mimeType: try #require(MediaType(parsing: type)), kind: .document,
                media: Media(),
                captured: CaptureDate(
                    at: .distantPast, precision: .second, source: .received, confidence: .e, offset: 0)))

        #expect(ContentDisposition.field(for: artefact) == field)
    }

    @Test func `what is only to be saved is never shown, whatever its type`() {
        let finding = Finding(
            state: .kept, reasons: [], mimeType: "image/png", kind: .drawing, media: Media(),
            captured: CaptureDate(at: .distantPast, precision: .second, source: .received, confidence: .e, offset: 0),
            presentation: .download)
        let artefact = Artefact(
            id: ArtefactID(), digest: Digester.digest(of: []), size: 1, fileName: FileName(declared: "a.png"),
            declaredMimeType: nil, receivedAt: .distantPast, finding: finding)

        #expect(ContentDisposition.field(for: artefact).hasPrefix("attachment;"))
    }

    @Test func `exactly these types are shown`() throws {
        let shown = [
            "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/apng", "video/mp4", "video/webm",
            "audio/mp4", "audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/webm", "text/plain",
        ]
        let saved = ["image/svg+xml", "text/html", "application/xml", "application/pdf", "audio/aac", "image/heic"]

        #expect(try shown.allSatisfy { try #require(MediaType(parsing: $0)).isShownInBrowsers })
        #expect(try !saved.contains { try #require(MediaType(parsing: $0)).isShownInBrowsers })
    }
}
