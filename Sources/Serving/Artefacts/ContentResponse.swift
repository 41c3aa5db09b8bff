internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Preserving
internal import Storing

/// The answer to a request for the bytes of an artefact, or of what was made of it.
///
/// Source: RFC 9110, sections 13 (conditions) and 14 (ranges); RFC 9530 (digests).
struct ContentResponse {
    let representation: Representation
    let blob: any BlobReader
    let fixity: FixityCheck
    let logger: Logger

    /// Bytes read at once.
    private static let chunkSize: Int64 = 512 << 10

    /// The strong validator: the digest, in quotation marks.
    private var entityTag: String { "\"\(representation.digest)\"" }

    /// Checks the conditions in the order of RFC 9110, section 13.2.2.
    ///
    /// - Throws: ``BlobStoreError`` where what fits into one piece cannot be read; of more, the connection breaks.
    func response(to request: Request) async throws -> Response {
        let fields = request.headers
        if let wanted = fields[.ifMatch], !Self.lists(wanted, entityTag) {
            return Response(status: .preconditionFailed, headers: [.eTag: entityTag])
        }
        if let known = fields[.ifNoneMatch], Self.lists(known, entityTag, weakly: true) {
            return Response(status: .notModified, headers: headers(length: nil))
        }
        let condition = fields[.ifRange]
        let mayBePart = request.method == .get && (condition == nil || condition == entityTag)
        switch ByteRange(parsing: mayBePart ? fields[.range] : nil, size: blob.size) {
        case .whole:
            return Response(
                status: .ok, headers: headers(length: blob.size),
                body: request.method == .head ? ResponseBody() : try await body(0..<blob.size))
        case .part(let range):
            var headers = headers(length: Int64(range.count))
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(blob.size)"
            return Response(status: .partialContent, headers: headers, body: try await body(range))
        case .parts(let ranges):
            let parts = MultipartRanges(ranges, of: blob.size, contentType: representation.contentType)
            var headers = headers(length: parts.length)
            headers[.contentType] = parts.type
            return Response(status: .partialContent, headers: headers, body: body(parts))
        case .unsatisfiable:
            return Response(
                status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(blob.size)", .eTag: entityTag])
        }
    }

    private func headers(length: Int64?) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: representation.contentType,
            .contentDisposition: representation.disposition,
            .contentSecurityPolicy: "sandbox; default-src 'none'",
            .eTag: entityTag,
            .acceptRanges: "bytes",
            .reprDigest: "sha-256=:\(Data(representation.digest.bytes).base64EncodedString()):",
            // Asked for again each time, so that each reading is authorised and in the journal.
            .cacheControl: "private, no-cache",
        ]
        headers[.contentLength] = length.map(String.init)
        return headers
    }

    /// What fits into one piece is read first, and goes out with its head.
    private func body(_ range: Range<Int64>) async throws -> ResponseBody {
        if range.count <= Self.chunkSize { return ResponseBody(byteBuffer: try await read(range)) }
        return ResponseBody(contentLength: range.count) { writer in
            try await write(range, to: &writer)
            try await writer.finish(nil)
        }
    }

    private func body(_ parts: MultipartRanges) -> ResponseBody {
        ResponseBody(contentLength: Int(parts.length)) { writer in
            for range in parts.ranges {
                try await writer.write(ByteBuffer(string: parts.head(of: range)))
                try await write(range, to: &writer)
            }
            try await writer.write(ByteBuffer(string: parts.end))
            try await writer.finish(nil)
        }
    }

    /// Has the next piece read while the client takes this one.
    private func write(_ range: Range<Int64>, to writer: inout any ResponseBodyWriter) async throws {
        guard !range.isEmpty else { return }
        var end = min(range.lowerBound + Self.chunkSize, range.upperBound)
        var piece = try await read(range.lowerBound..<end)
        while end < range.upperBound {
            let next = end..<min(end + Self.chunkSize, range.upperBound)
            let following = blob.begin(next)
            try await writer.write(piece)
            piece = try await noting(following.bytes)
            end = next.upperBound
        }
        try await writer.write(piece)
    }

    private func read(_ range: Range<Int64>) async throws -> ByteBuffer {
        guard !range.isEmpty else { return ByteBuffer() }
        return try await noting { () throws(BlobStoreError) in try await blob.read(range) }
    }

    private func noting(_ read: () async throws(BlobStoreError) -> ByteBuffer) async throws -> ByteBuffer {
        do {
            return try await read()
        } catch {
            // Where a length was promised the connection breaks, and the client sees it.
            logger.critical("a blob could not be read to its end: \(error)")
            await fixity.note(error)
            throw error
        }
    }

    /// Whether a list of entity tags holds this one.
    private static func lists(_ field: String, _ tag: String, weakly: Bool = false) -> Bool {
        field.split(separator: ",").contains { item in
            let item = item.drop { $0 == " " }
            return item == "*" || item == tag[...] || (weakly && item == "W/" + tag)
        }
    }
}
