import Artefacts
import Inspecting
import Reading
import TestSupport
import Testing
import TextExtracting

/// A file of Tests/Samples/texts and what a reader sees in it.
struct TextSample: Sendable, CustomTestStringConvertible {
    let file: String
    let type: MediaType
    let text: String

    var testDescription: String { file }

    static let letter = "Dear Zoë,\n\nyou told me about\tthe “dog”."

    static let all: [TextSample] = [
        TextSample(
            file: "letter.pdf", type: "application/pdf",
            text: "Dear Zoë,\nYou told me about the dog in the park.\n\nSecond page, for Amira."),
        TextSample(
            file: "owner.pdf", type: "application/pdf",
            text: "Dear Zoë,\nYou told me about the dog in the park.\n\nSecond page, for Amira."),
        TextSample(
            file: "letter.docx", type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            text: """
                Dear Zoë & Amira,

                You told me about the dog
                in the park.
                Once.
                cell one
                cell two
                A note on dogs.
                Letterhead
                """),
        TextSample(
            file: "visits.xlsx", type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            text: "Visits\nWho\tHow many dogs\nAmira\t3"),
        TextSample(
            file: "talk.pptx", type: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            text: "First Amira\n\nThen the dog"),
        TextSample(
            file: "letter.odt", type: "application/vnd.oasis.opendocument.text",
            text: "Dear Amira\nYou told me about\nthe dog."),
        TextSample(
            file: "visits.ods", type: "application/vnd.oasis.opendocument.spreadsheet", text: "Amira\t3 dogs\nZoë"),
        TextSample(
            file: "talk.odp", type: "application/vnd.oasis.opendocument.presentation",
            text: "First Amira\n\nThen the dog"),
        TextSample(file: "utf8.txt", type: "text/plain", text: letter),
        TextSample(file: "utf16.txt", type: "text/plain", text: letter),
        TextSample(file: "utf16be.txt", type: "text/plain", text: letter),
        TextSample(file: "cp1252.txt", type: "text/plain", text: letter),
        TextSample(file: "visits.csv", type: "text/csv", text: "who,dogs\nAmira,3"),
        TextSample(file: "captions.vtt", type: "text/vtt", text: "I saw a dog.\nAmira laughed."),
        TextSample(file: "captions.srt", type: "application/x-subrip", text: "I saw a dog.\nAmira laughed."),
        TextSample(
            file: "letter.rtf", type: "text/rtf",
            text: "Dear Zoë “you”,\nŁukasz told me\tabout the dog \u{1F600}.link"),
        TextSample(
            file: "letter.eml", type: "message/rfc822",
            text: """
                From: Zoë Example <zoe@example.org>
                To: Amira <amira@example.org>
                Date: Fri, 05 Jun 2026 09:00:00 +0000
                Subject: The dög in the park, and everything else that we saw there on that long and sunny day in May

                Dear Amira,

                the dog says “wüff”. \(Array(repeating: "A long line.", count: 10).joined(separator: " "))

                Attachment: dög.jpg
                Subject: Inner subject

                Inner text about a dog.
                """),
        TextSample(
            file: "html.eml", type: "message/rfc822",
            text: """
                From: Sam <sam@example.org>
                Subject: HTML only

                Dear Amira

                You told me
                about the dog & Zoë.

                one\ttwo
                """),
        TextSample(
            file: "letter.msg", type: "application/vnd.ms-outlook",
            text: """
                From: Zoë Example <zoe@example.org>
                To: Amira; Ben
                Cc: Sam
                Date: 2026-06-05T09:00:00Z
                Subject: The dög in the park

                Dear Amira,

                the dog says “wüff”. \(Array(repeating: "A long line.", count: 200).joined(separator: " "))

                Attachment: dög.jpg
                Subject: Inner subject, of a dog

                hello world
                """),
        TextSample(
            file: "html.msg", type: "application/vnd.ms-outlook",
            text: """
                From: sam@example.org
                Subject: HTML only, for Łukasz

                You told me
                about the dog & Łukasz.
                """),
        TextSample(
            file: "photos.zip", type: "application/zip",
            text: "photos/dog.jpg (1234 bytes)\nphotos/Zoë.txt (6 bytes)"),
    ]
}

func text(of bytes: [UInt8], _ type: MediaType) throws -> String? {
    try ExtractedText.of(try .sealing(bytes), type: type)
}

@Suite struct ExtractedTextTests {
    @Test(arguments: TextSample.all)
    func `the text is what a reader sees`(_ sample: TextSample) throws {
        let text = try text(of: try Samples.bytes("texts/\(sample.file)"), sample.type)

        #expect(text == sample.text)
    }

    @Test(arguments: TextSample.all)
    func `what has a text that can be found is asked for it`(_ sample: TextSample) {
        #expect(ExtractedText.canBeFound(in: sample.type))
        #expect(DerivativePlan.kinds(for: sample.type, media: Media()).contains(.text))
    }

    @Test(
        arguments: [
            ("locked.pdf", "application/pdf"), ("locked.odt", "application/vnd.oasis.opendocument.text"),
        ] as [(String, MediaType)])
    func `a locked document says that it is`(_ file: String, _ type: MediaType) throws {
        #expect(throws: TextExtractingError.encrypted) { try text(of: try Samples.bytes("texts/\(file)"), type) }
    }

    @Test func `a document type with entities is not read`() throws {
        #expect(throws: TextExtractingError.notUnderstood("XML")) {
            try text(
                of: try Samples.bytes("texts/entity.docx"),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
    }

    @Test(arguments: ["image/jpeg", "video/mp4", "application/octet-stream"] as [MediaType])
    func `pictures and films have no text`(_ type: MediaType) throws {
        #expect(!ExtractedText.canBeFound(in: type))
        #expect(try text(of: try Samples.bytes("photo.jpg"), type) == nil)
    }

    @Test func `an empty text is none`() throws {
        #expect(try text(of: Array(" \r\n\u{FEFF}".utf8), "text/plain") == nil)
    }

    @Test func `a long text ends after a mebibyte, with a whole character`() throws {
        let text = try text(of: Array(String(repeating: "äö ", count: 500_000).utf8), "text/plain")

        #expect((1_048_570...1_048_576).contains(try #require(text).utf8.count))
    }

    @Test(arguments: TextSample.all)
    func `a damaged file gives a text, or says that it has none`(_ sample: TextSample) throws {
        let original = try Samples.bytes("texts/\(sample.file)")
        var generator = SeededGenerator(seed: UInt64(original.count))
        for _ in 0..<150 {
            let text = try? text(of: generator.damaged(original), sample.type)

            #expect((text?.utf8.count ?? 0) <= 1 << 20)
        }
    }

    @Test(arguments: [
        "multipart/mixed; boundary=a", "message/rfc822", "multipart/alternative; boundary=a",
    ])
    func `mails in mails come to an end`(_ type: String) throws {
        let mail = String(repeating: "Content-Type: \(type)\n\n--a\n", count: 5000)

        _ = try text(of: Array(mail.utf8), "message/rfc822")
    }

    @Test func `a message that is its own attachment comes to an end`() throws {
        var bytes = try Samples.bytes("texts/letter.msg")
        let root = try #require(bytes.firstRange(of: "Root Entry".utf16Bytes)?.lowerBound)
        let inner = try #require(bytes.firstRange(of: "__substg1.0_3701000D".utf16Bytes)?.lowerBound)
        // Where an entry tells the first of what it holds: [MS-CFB] 2.6.1.
        bytes.replaceSubrange(inner + 76..<inner + 80, with: bytes[root + 76..<root + 80])

        let text = try text(of: bytes, "application/vnd.ms-outlook")

        #expect(text?.ranges(of: "The dög in the park").count == 2)
    }

    @Test func `groups in groups come to an end`() throws {
        #expect(throws: TextExtractingError.self) {
            try text(of: Array(("{\\rtf" + String(repeating: "{", count: 100_000)).utf8), "text/rtf")
        }
    }
}

extension String {
    /// As Windows writes it.
    fileprivate var utf16Bytes: [UInt8] { utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
}
