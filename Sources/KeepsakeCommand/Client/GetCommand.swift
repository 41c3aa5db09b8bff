import ArgumentParser
import Artefacts
import AsyncHTTPClient
import DurableFiles
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import SystemPackage

/// `keepsake get`: the bytes of an artefact.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Fetches an artefact, and checks that every byte is the one that was stored.",
        discussion: "The file appears under its name only once it is whole and checked.")

    @Argument(help: "The artefact’s id.")
    var artefact: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to; - is standard output. Not given: the artefact’s own name, here.", valueName: "file"))
    var output: String?

    @OptionGroup var client: ClientOptions

    private static let patience = TimeAmount.hours(12)

    func run() async throws {
        let api = try client.client()
        let known = try Answers.decode(
            Answers.Artefact.self, from: try await api.body(of: api.request(.GET, "/v1/artefacts/\(artefact)")))
        let response = try await api.send(
            api.request(.GET, "/v1/artefacts/\(artefact)/content"), patience: Self.patience)
        guard response.status == .ok else { throw await APIClient.error(in: response) }
        guard let expected = response.headers.first(name: "Repr-Digest") else {
            throw ClientError.unexpected("it has no Repr-Digest")
        }
        if output == "-" {
            let digest = try await copy(response) { try FileDescriptor.standardOutput.writeAll($0.readableBytesView) }
            return try Self.check(digest, against: expected)
        }
        try await save(response, expected, as: FilePath(output ?? FileName(declared: known.fileName).text))
    }

    private func save(_ response: HTTPClientResponse, _ expected: String, as path: FilePath) async throws {
        guard output != nil || !DurableFile.exists(path) else {
            throw ValidationError("\(path) is there already. Say where to with --output.")
        }
        let staged = FilePath(path.string + ".part")
        try DurableFile.remove(staged)
        let file = try OpenFile(creating: staged)
        do {
            var offset: Int64 = 0
            let digest = try await copy(response) { buffer in
                try buffer.withUnsafeReadableBytes { try file.write($0, at: offset) }
                offset += Int64(buffer.readableBytes)
            }
            try Self.check(digest, against: expected)
            try file.synchronise()
            try DurableFile.publish(staged, as: path)
        } catch {
            try? DurableFile.remove(staged)
            throw error
        }
        if Output.isTerminal { Output.lines(["Saved \(path)"]) }
    }

    private func copy(_ response: HTTPClientResponse, to write: (ByteBuffer) throws -> Void) async throws -> Digest {
        var digester = Digester()
        for try await buffer in response.body {
            buffer.withUnsafeReadableBytes { digester.update($0) }
            try write(buffer)
        }
        return digester.digest
    }

    private static func check(_ digest: Digest, against expected: String) throws {
        guard expected.contains("sha-256=:\(Data(digest.bytes).base64EncodedString()):") else {
            throw ClientError.unexpected("the bytes that came are not the ones that were stored; please try again")
        }
    }
}
