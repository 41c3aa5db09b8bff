import NIOCore
import Testing

@testable import Serving

@Suite struct MultipartParserTests {
    private let type = "multipart/form-data; boundary=\"edge\""
    private let body =
        "--edge\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nYou drew \u{1F415}\r\n"
        + "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.bin\"\r\nContent-Type: image/png\r\n\r\n"
        + "\r\n--edg\r\r\n-edge\r\n\r\n--edge\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--edge--\r\n"

    @Test(arguments: [1, 2, 3, 5, 7, 16, 64, 1000])
    func `a form is the same however its bytes arrive`(_ size: Int) throws {
        let parts = try parse(Array(body.utf8), inPiecesOf: size)

        #expect(parts.map(\.name) == ["caption", "file", "empty"])
        #expect(parts.map(\.text) == ["You drew \u{1F415}", "\r\n--edg\r\r\n-edge\r\n", ""])
        #expect(parts[1].fileName == "a \"b\".bin")
        #expect(parts[1].contentType == "image/png")
        #expect(parts.map(\.isWhole) == [true, true, true])
    }

    @Test func `a form that ends early is not finished`() throws {
        for length in 0..<(Array(body.utf8).count - 4) {
            var parser = try #require(MultipartParser(contentType: type))
            _ = try parser.take(ByteBuffer(bytes: Array(body.utf8)[..<length]))
            #expect(!parser.isFinished)
        }
    }

    @Test(arguments: [
        "--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--",
        "--edgeXX\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        "--edge\r\n" + String(repeating: "x", count: 9000),
    ])
    func `what is no form is refused`(_ text: String) throws {
        var parser = try #require(MultipartParser(contentType: type))

        #expect(throws: Problem.self) { _ = try parser.take(ByteBuffer(string: text)) }
    }

    @Test(arguments: [
        "multipart/form-data", "text/plain; boundary=x",
        "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
    ])
    func `a content type without a usable boundary is none`(_ type: String) {
        #expect(MultipartParser(contentType: type) == nil)
    }

    private struct Part {
        let name: String
        let fileName: String?
        let contentType: String?
        var text = ""
        var bytes: [UInt8] = []
        var isWhole = false
    }

    private func parse(_ bytes: [UInt8], inPiecesOf size: Int) throws -> [Part] {
        var parser = try #require(MultipartParser(contentType: type))
        var parts: [Part] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            for event in try parser.take(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)])) {
                switch event {
                case .part(let head):
                    parts.append(Part(name: head.name, fileName: head.fileName, contentType: head.contentType))
                case .bytes(let buffer): parts[parts.count - 1].bytes += Array(buffer.readableBytesView)
                case .end:
                    parts[parts.count - 1].text = String(decoding: parts[parts.count - 1].bytes, as: UTF8.self)
                    parts[parts.count - 1].isWhole = true
                }
            }
        }
        #expect(parser.isFinished)
        return parts
    }
}
