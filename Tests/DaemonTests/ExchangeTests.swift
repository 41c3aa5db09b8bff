import Foundation
import SystemPackage
import TestSupport
import Testing

/// What becomes of the requests of one connection, byte by byte.
@Suite(.serialized) struct ExchangeTests {
    private let folder: TemporaryDirectory
    private let daemon: DaemonProcess

    init() async throws {
        folder = try TemporaryDirectory()
        daemon = try await DaemonProcess(storage: folder.path.appending("store"))
    }

    @Test func `requests that are sent at once are answered one after the other, read or not`() throws {
        let connection = try RawConnection(port: daemon.port)
        connection.send(
            "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                + "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nwords"
                + "GET /v1/children HTTP/1.1\r\nHost: x\r\n\r\n"
                + "HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        let answers = try #require(connection.receiveToEnd())

        #expect(statuses(answers) == ["200", "404", "401", "404"])
    }

    @Test func `many more requests than are kept waiting are all answered`() throws {
        let connection = try RawConnection(port: daemon.port)
        let count = 300
        connection.send(String(repeating: "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", count: count))
        connection.endSending()

        let answers = try #require(connection.receiveToEnd())

        #expect(statuses(answers) == Array(repeating: "200", count: count))
    }

    @Test func `who has said all there is to say gets an answer, and then the end`() throws {
        let connection = try RawConnection(port: daemon.port)
        connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.endSending()

        let answer = try #require(connection.receiveToEnd())

        #expect(statuses(answer) == ["200"])
        #expect(answer.hasSuffix("}"))
    }

    @Test func `what is not HTTP is said to be a bad request, and the connection ends`() throws {
        let connection = try RawConnection(port: daemon.port)
        connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET\u{1}/ HTTP/9.9\r\n\r\n")

        let answers = try #require(connection.receiveToEnd())

        #expect(statuses(answers) == ["200", "400"])
    }

    @Test(arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"])
    func `a body that breaks off is never taken for a whole one`(_ framing: String) async throws {
        let child = try await daemon.client.addChild()
        let connection = try RawConnection(port: daemon.port)
        let piece = framing.hasPrefix("Content") ? "Dear Amira" : "a\r\nDear Amira\r\n"
        connection.send(
            "POST /v1/children/\(child)/artefacts HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                + "Authorization: Bearer \(daemon.client.token ?? "")\r\n\(framing)\r\n\r\n\(piece)")
        connection.endSending()

        let answers = try #require(connection.receiveToEnd())
        let timeline = try await daemon.client.get("/v1/children/\(child)/timeline")

        #expect(!statuses(answers).contains { $0.hasPrefix("2") })
        #expect(timeline.text.contains(#""items":[]"#), "\(timeline.text)")
    }

    private func statuses(_ answers: String) -> [String] {
        answers.matches(of: /HTTP\/1\.1 (\d{3})/).map { String($0.1) }
    }
}
