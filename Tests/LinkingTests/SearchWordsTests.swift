import Linking
import Testing

@Suite struct SearchWordsTests {
    @Test(arguments: [
        ("dog", ["dog"]), ("  the \t dog\n", ["the", "dog"]), ("… dog —", ["dog"]), ("it’s 9", ["it’s", "9"]),
        ("犬 собака", ["犬", "собака"]),
    ])
    func `words are what stands between spaces`(_ text: String, _ words: [String]) throws {
        #expect(try SearchWords(parsing: text).words == words)
    }

    @Test(
        arguments: [
            ("", .noWord), (" \n", .noWord), ("… !", .noWord), ("🐕", .noWord),
            (String(repeating: "x", count: 201), .tooLong),
            ("x" + String(repeating: "\u{301}", count: 100_000), .tooLong),
            (String(repeating: "x ", count: 17), .tooManyWords),
        ] as [(String, SearchWords.Refusal)])
    func `what cannot be looked for is refused, with the reason`(_ text: String, _ refusal: SearchWords.Refusal) {
        #expect(throws: refusal) { try SearchWords(parsing: text) }
    }

    @Test func `the longest text and the most words can be looked for`() throws {
        #expect(try SearchWords(parsing: String(repeating: "x ", count: 16)).words.count == 16)
        #expect(try SearchWords(parsing: String(repeating: "é", count: 200)).words.count == 1)
    }
}
