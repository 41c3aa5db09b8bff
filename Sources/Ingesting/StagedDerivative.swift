internal import Artefacts
internal import Linking
internal import NIOCore
internal import Receiving
internal import SystemPackage

/// A derivative that is coming in, sealed while it grows.
///
/// It lies where uploads lie that come in one request: what a crash leaves of
/// it is swept away at the next start.
struct StagedDerivative {
    private let kind: DerivativeKind
    private let type: MediaType
    private let id = UploadID()
    private let spools: any UploadStore
    private var open: OpenUpload
    /// The beginning of a text, by which it is found.
    private var words: [UInt8] = []

    init(_ kind: DerivativeKind, _ type: MediaType, in spools: any UploadStore) async throws {
        self.kind = kind
        self.type = type
        self.spools = spools
        // The renderer's side sees to it that it does not become too large.
        let state = UploadState(length: nil, maximumSize: .max)
        open = OpenUpload(spool: try await spools.createTransient(id), state: state, digester: Digester())
    }

    /// Where the bytes lie until they become a blob.
    var path: FilePath { open.spool.staged }

    /// As much of a text as is searched; `nil` where it is no text.
    var searchedText: String? { kind == .text ? String(decoding: words, as: UTF8.self) : nil }

    mutating func take(_ bytes: [UInt8], leaving reserve: SpaceReserve) async throws {
        if kind == .text { words += bytes.prefix(longestSearchedText - words.count) }
        try await open.take(ByteBuffer(bytes: bytes), leaving: reserve)
    }

    /// Makes the bytes durable.
    func complete() async throws -> Derivative {
        var open = open
        let (digest, size) = try await open.complete { _ in }
        return Derivative(kind: kind, digest: digest, mimeType: type, size: size)
    }

    /// Removes what came in.
    func drop() async throws { try await spools.remove(id) }
}
