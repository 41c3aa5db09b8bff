internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Speaks HTTP with a daemon over a real socket.
package struct TestClient: Sendable {
    package let port: Int
    package let token: String?

    package init(port: Int, token: String?) {
        self.port = port
        self.token = token
    }

    /// What came back.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }

        /// A value of the JSON, by names and positions such as `items.0.artefact.state`.
        package subscript(path: String) -> String? {
            var value = try? JSONSerialization.jsonObject(with: Data(body))
            for step in path.split(separator: ".") {
                if let list = value as? [Any], let index = Int(step) {
                    value = list.indices.contains(index) ? list[index] : nil
                } else {
                    value = (value as? [String: Any])?[String(step)]
                }
            }
            return switch value {
            case let text as String: text
            case let number as NSNumber: number.stringValue
            default: nil
            }
        }

        /// How many elements the list has.
        package func count(_ name: String) -> Int {
            let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            return (object?[name] as? [Any])?.count ?? -1
        }
    }

    /// Another client of the same daemon.
    package func with(token: String?) -> TestClient { TestClient(port: port, token: token) }

    /// Sends a request, and waits for the whole answer.
    package func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : "http://127.0.0.1:\(port)\(path)")
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 1 << 28)
        let pairs = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(response.status.code), headers: Dictionary(pairs) { first, _ in first },
            body: Array(bytes.readableBytesView))
    }

    package func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", path, headers: headers)
    }

    /// An artefact, once it has been inspected.
    package func settled(_ path: String) async throws -> Answer {
        while true {
            let artefact = try await get(path)
            if artefact["state"] != "inspecting" { return artefact }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Adds a child, and answers its id.
    package func addChild(_ name: String = "Amira") async throws -> String {
        let answer = try await send(
            "POST", "/v1/children", headers: ["Content-Type": "application/json"],
            body: Array(#"{"preferredName": "\#(name)"}"#.utf8))
        guard answer.status == 201, let id = answer["id"] else { throw UnexpectedAnswer(answer: answer) }
        return id
    }

    /// Adds a file in one request.
    package func add(
        _ bytes: [UInt8], named name: String, to child: String, query: String = ""
    ) async throws -> Answer {
        let encoded = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name
        return try await send(
            "POST", "/v1/children/\(child)/artefacts\(query)",
            headers: ["Content-Disposition": "inline; filename*=UTF-8''\(encoded)"], body: bytes)
    }

    /// Begins a resumable upload.
    package func begin(
        _ length: Int, to child: String, name: String = "file.bin", more: [String: String] = [:]
    ) async throws -> Answer {
        let pairs = ["filename": name, "child": child].merging(more) { $1 }
        return try await send(
            "POST", "/uploads",
            headers: [
                "Tus-Resumable": "1.0.0", "Upload-Length": String(length),
                "Upload-Metadata": pairs.map { "\($0) \(Data($1.utf8).base64EncodedString())" }.joined(separator: ","),
            ])
    }

    /// Sends a piece of a resumable upload.
    package func patch(_ url: String, at offset: Int, _ bytes: [UInt8]) async throws -> Answer {
        try await send(
            "PATCH", url,
            headers: [
                "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": String(offset),
            ], body: bytes)
    }

    /// The offset of a resumable upload, or `nil` with the status where there is none.
    package func offset(_ url: String) async throws -> (status: Int, offset: Int?) {
        let answer = try await send("HEAD", url, headers: ["Tus-Resumable": "1.0.0"])
        return (answer.status, answer.headers["upload-offset"].flatMap { Int($0) })
    }

    private static let client = HTTPClient(
        eventLoopGroup: HTTPClient.defaultEventLoopGroup,
        configuration: HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5))))
}

/// An answer that makes a test pointless.
package struct UnexpectedAnswer: Error, CustomStringConvertible {
    package let answer: TestClient.Answer

    package var description: String { "unexpected answer \(answer.status): \(answer.text)" }
}
