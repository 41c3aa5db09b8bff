internal import Artefacts

/// Several ranges of one representation as one body, `multipart/byteranges`.
///
/// Source: RFC 9110, section 14.6.
struct MultipartRanges {
    let ranges: [Range<Int64>]
    /// Bytes of the whole representation.
    let size: Int64
    /// Of the representation.
    let contentType: String
    /// Random, so that no content can hold it but by chance.
    private let boundary = "keepsake-" + Secret.random(bytes: 16)

    init(_ ranges: [Range<Int64>], of size: Int64, contentType: String) {
        self.ranges = ranges
        self.size = size
        self.contentType = contentType
    }

    /// The type of the whole answer.
    var type: String { "multipart/byteranges; boundary=\(boundary)" }

    /// Bytes of the whole body.
    var length: Int64 {
        ranges.reduce(Int64(end.utf8.count)) { $0 + Int64(head(of: $1).utf8.count) + Int64($1.count) }
    }

    /// What goes before the bytes of a range.
    func head(of range: Range<Int64>) -> String {
        "\r\n--\(boundary)\r\nContent-Type: \(contentType)\r\n"
            + "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)\r\n\r\n"
    }

    /// What goes after the last range.
    var end: String { "\r\n--\(boundary)--\r\n" }
}
