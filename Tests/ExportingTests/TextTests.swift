import Artefacts
import Testing

@testable import Exporting

@Suite struct MarkupTests {
    @Test(arguments: [
        ("plain – é 👩‍👧", "plain – é 👩‍👧"),
        (#"<b>"Tom" & 'Jerry'</b>"#, "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;"),
        ("&amp;", "&amp;amp;"),
        ("a\u{0}b\u{8}c\u{1B}d\u{FFFE}e", "abcde"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ])
    func `nothing of a text is markup, and nothing is in it that XML cannot have`(_ text: String, _ escaped: String) {
        #expect(Markup.escaped(text) == escaped)
    }
}

@Suite struct SafeNameTests {
    @Test(arguments: [
        ("photo.JPG", "photo.jpg"),
        ("My drawing (1).png", "My-drawing-1.png"),
        ("../../etc/passwd", "passwd"),
        ("recording.2026.05.m4a", "recording-2026-05.m4a"),
        ("рисунок.png", "file.png"),
        ("no extension", "no-extension"),
        ("100%\nsure.txt", "100-sure.txt"),
        ("-rf.txt", "rf.txt"),
        ("x.<script>", "x.script"),
        ("x.рис", "x"),
        (String(repeating: "long ", count: 40) + ".pdf", String(repeating: "long-", count: 15) + "long.pdf"),
    ])
    func `a file's name is one that every file system takes, with its extension`(_ declared: String, _ safe: String) {
        #expect(SafeName.plain(FileName(declared: declared)) == safe)
    }

    @Test(arguments: [("Amira", "Amira"), ("Anne-Marie O’Neil", "Anne-Marie-O-Neil"), ("雪", "story"), ("..", "story")])
    func `a child's name becomes a folder's`(_ name: String, _ safe: String) {
        #expect(SafeName.plain(name, orElse: "story") == safe)
    }
}

@Suite struct ManifestTests {
    @Test(arguments: [
        ("data/a b.txt", "data/a b.txt"), ("data/100%.txt", "data/100%25.txt"), ("a\nb", "a%0Ab"), ("a\rb", "a%0Db"),
        ("a\r\nb", "a%0D%0Ab"), ("a%0Ab", "a%250Ab"), ("é", "é"),
    ])
    func `line breaks and percent signs of a path are encoded, and nothing else`(_ path: String, _ encoded: String) {
        #expect(Manifest.encoded(path) == encoded)
    }

    @Test func `the lines are sorted by path, and as sha256sum writes them`() {
        var manifest = Manifest()
        manifest.add("data/b", Digester.digest(of: "abc".utf8))
        manifest.add("data/a", Digester.digest(of: []))

        #expect(
            manifest.text == """
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  data/a
                ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/b

                """)
    }
}
