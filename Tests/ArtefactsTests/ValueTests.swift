import Artefacts
import FoundationEssentials
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `the digest is that of FIPS 180-4`(_ text: String, _ hex: String) throws {
        #expect(Digester.digest(of: text.utf8).description == "sha256:" + hex)
        #expect(try Digest(parsing: "sha256:" + hex) == Digester.digest(of: text.utf8))
    }

    @Test(arguments: [
        "", "sha256:", "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "sha1:ba78", "sha256:zz",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad00",
    ])
    func `a blob has one name, and nothing else is read as a digest`(_ text: String) {
        #expect(throws: DigestSyntaxError.self) { try Digest(parsing: text) }
    }
}

@Suite struct FileNameTests {
    @Test(arguments: [
        ("drawing.png", "drawing.png"),
        ("../../etc/passwd", "passwd"),
        (#"C:\Users\sam\x.doc"#, "x.doc"),
        ("a\0b.jpg", "ab.jpg"),
        ("photo\u{202E}gpj.exe", "photogpj.exe"),
        ("line\nbreak.txt", "linebreak.txt"),
        ("  .hidden ", "hidden"),
        ("..", "untitled"),
        ("/", "untitled"),
        ("", "untitled"),
        ("👩‍👧‍👦 family.jpg", "👩‍👧‍👦 family.jpg"),
        ("Ærø – søndag.pdf", "Ærø – søndag.pdf"),
    ])
    func `whatever was sent becomes one safe line`(_ sent: String, _ shown: String) {
        #expect(FileName(declared: sent).text == shown)
    }

    @Test func `a long name is shortened, and keeps its extension`() {
        let name = FileName(declared: String(repeating: "ö", count: 200) + ".jpeg").text

        #expect(name.utf8.count <= 255)
        #expect(name.hasSuffix("ö.jpeg"))
    }
}

@Suite struct MediaTypeTests {
    @Test(arguments: [
        ("image/jpeg", "image/jpeg"), ("Text/Plain; charset=UTF-8", "text/plain"),
        ("application/vnd.ms-excel.sheet.macroEnabled.12", "application/vnd.ms-excel.sheet.macroenabled.12"),
    ])
    func `a MIME type is read without its parameters`(_ text: String, _ type: String) {
        #expect(MediaType(parsing: text)?.description == type)
    }

    @Test(arguments: ["", "image", "image/", "/jpeg", "a/b/c", "image/jp\neg", "ïmage/jpeg", "image/<script>"])
    func `what is no MIME type is not read as one`(_ text: String) {
        #expect(MediaType(parsing: text) == nil)
    }
}

@Suite struct IdentifierTests {
    @Test func `identifiers are UUIDs of version 7 that sort by time`() {
        let texts = (0..<100).map { ChildID(at: Date(timeIntervalSince1970: 1_700_000_000 + Double($0))).description }

        #expect(texts == texts.sorted())
        #expect(Set(texts).count == 100)
        #expect(texts.allSatisfy { $0.dropFirst(14).first == "7" && "89ab".contains($0.dropFirst(19).first ?? "x") })
    }

    @Test(arguments: [
        "", "1", "01a20cdc-ce42-73e0-8d3c-a3ffcaa2260", "{01a20cdc-ce42-73e0-8d3c-a3ffcaa2260c}", "../../x",
    ])
    func `what is no identifier is not read as one`(_ text: String) {
        #expect(ArtefactID(parsing: text) == nil)
        #expect(UploadID(parsing: text) == nil)
    }

    @Test func `an upload's name cannot be guessed`() {
        let names = Set((0..<1000).map { _ in UploadID().description })

        #expect(names.count == 1000)
        #expect(names.allSatisfy { $0.utf8.count == 32 && UploadID(parsing: $0)?.description == $0 })
    }
}

@Suite struct CalendarDayTests {
    @Test(arguments: [
        ("2017-03-04", true), ("2016-02-29", true), ("2017-02-29", false), ("2017-13-01", false), ("04/03/2017", false),
        ("2017-3-4", false),
    ])
    func `only days that exist are days`(_ text: String, _ exists: Bool) {
        #expect((CalendarDay(parsing: text) != nil) == exists)
    }
}
