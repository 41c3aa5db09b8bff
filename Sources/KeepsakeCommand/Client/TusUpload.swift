import AsyncHTTPClient
import DurableFiles
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Sends one file by tus, through broken connections and restarts.
///
/// Source: the tus resumable upload protocol, 1.0.0.
struct TusUpload {
    let api: APIClient
    let file: OpenFile
    let size: Int64
    /// The `Upload-Metadata` field.
    let metadata: String
    let memory: UploadMemory
    let bar: ProgressBar

    private static let patience = TimeAmount.hours(12)
    /// Failures one after the other, without a byte of progress, before it gives up.
    private static let attempts = 10

    /// Sends what is missing; answers the upload's id.
    ///
    /// - Throws: ``ClientError``, or ``UploadError``. Running the command again goes on.
    func run() async throws -> String {
        var failures = 0
        var best: Int64 = -1
        while true {
            do {
                let url = try await begun()
                let offset = try await offset(of: url)
                if let offset, offset > best {
                    best = offset
                    failures = 0
                }
                guard let offset else {
                    try memory.forget()
                    continue
                }
                if offset < size { try await append(to: url, at: offset) }
                try memory.forget()
                return url.split(separator: "/").last.map(String.init) ?? url
            } catch let error as ClientError where error.isTransient {
                failures += 1
                guard failures < Self.attempts else { throw UploadError.gaveUp(error) }
                let seconds = min(30, 1 << (failures - 1))
                bar.say("\(error) Trying again in \(seconds) s …")
                try await Task.sleep(for: .seconds(seconds))
            }
        }
    }

    /// The URL of the upload, which is begun if it has not been.
    private func begun() async throws -> String {
        if let url = try memory.recall() { return url }
        var request = tus(.POST, "/uploads")
        request.headers.add(name: "Upload-Length", value: String(size))
        request.headers.add(name: "Upload-Metadata", value: metadata)
        let response = try await api.send(request)
        guard response.status == .created, let url = response.headers.first(name: "Location") else {
            throw await APIClient.error(in: response)
        }
        try memory.remember(url)
        return url
    }

    /// Bytes that the server has, or `nil` if it does not know the upload any more.
    private func offset(of url: String) async throws -> Int64? {
        let response = try await api.send(tus(.HEAD, url))
        switch response.status.code {
        case 200, 204:
            guard let offset = response.headers.first(name: "Upload-Offset").flatMap({ Int64($0) }) else {
                throw ClientError.unexpected("it has no Upload-Offset")
            }
            return offset
        case 404, 410: return nil
        default: throw await APIClient.error(in: response)
        }
    }

    private func append(to url: String, at offset: Int64) async throws {
        var request = tus(.PATCH, url)
        request.headers.add(name: "Content-Type", value: "application/offset+octet-stream")
        request.headers.add(name: "Upload-Offset", value: String(offset))
        let bar = bar
        request.body = .stream(
            FileChunks(file: file, range: offset..<size) { bar.move(to: $0) }, length: .known(size - offset))
        let response = try await api.send(request, patience: Self.patience)
        guard response.status == .noContent else {
            let error = await APIClient.error(in: response)
            if !error.isTransient { try memory.forget() }
            throw error
        }
    }

    private func tus(_ method: HTTPMethod, _ target: String) -> HTTPClientRequest {
        var request = api.request(method, target)
        request.headers.add(name: "Tus-Resumable", value: "1.0.0")
        return request
    }
}

/// Why a file could not be sent.
enum UploadError: Error, CustomStringConvertible {
    case gaveUp(ClientError)
    case fileChanged

    var description: String {
        switch self {
        case .gaveUp(let error): "\(error) What has arrived is safe: run the same command again to go on."
        case .fileChanged: "The file became shorter while it was sent. Run the command again."
        }
    }
}

extension ClientError {
    /// Whether trying again can help.
    var isTransient: Bool {
        switch self {
        case .unreachable: true
        case .refused(let status, _): status >= 500 || [409, 423, 429].contains(status)
        case .unexpected: false
        }
    }
}
