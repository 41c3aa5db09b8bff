internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Takes a form's body apart as it comes, holding no more than a part's head.
///
/// Source: RFC 7578 and RFC 2046, section 5.1.
struct MultipartParser {
    enum Event {
        /// A part begins.
        case part(MultipartHead)
        /// More bytes of the part.
        case bytes(ByteBuffer)
        /// The part is whole.
        case end
    }

    private enum State {
        case preamble, head, bytes, epilogue
    }

    private let delimiter: [UInt8]
    private var state: State = .preamble
    private var pending = ByteBuffer()
    private var partCount = 0

    private static let maximumHeadSize = 8 << 10
    private static let maximumParts = 100

    /// Reads the boundary from a `Content-Type` field; `nil` if it is not that of a form.
    init?(contentType: String) {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let boundary = HeaderParameters.value("boundary", in: contentType), (1...70).contains(boundary.utf8.count)
        else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter has no line before it.
        pending.writeString("\r\n")
    }

    /// Whether the last delimiter has come.
    var isFinished: Bool { state == .epilogue }

    /// Takes the next bytes, and says what is known by them.
    mutating func take(_ buffer: ByteBuffer) throws(Problem) -> [Event] {
        pending.writeImmutableBuffer(buffer)
        var events: [Event] = []
        while let next = try step() { events.append(contentsOf: next) }
        pending.discardReadBytes()
        return events
    }

    /// `nil` when more bytes are needed.
    private mutating func step() throws(Problem) -> [Event]? {
        switch state {
        case .preamble:
            let before = pending.readerIndex
            guard readToDelimiter() != nil else { return nil }
            return try afterDelimiter(events: [], rewindTo: before)
        case .head:
            return try head()
        case .bytes:
            let before = pending.readerIndex
            guard let part = readToDelimiter() else { return bytesBeforePossibleDelimiter() }
            return try afterDelimiter(
                events: (part.readableBytes > 0 ? [.bytes(part)] : []) + [.end], rewindTo: before)
        case .epilogue:
            pending.clear()
            return nil
        }
    }

    /// Moves behind the next delimiter, and answers the bytes before it.
    private mutating func readToDelimiter() -> ByteBuffer? {
        guard let index = pending.readableBytesView.firstIndex(of: delimiter[...]),
            let before = pending.readSlice(length: index - pending.readerIndex)
        else { return nil }
        pending.moveReaderIndex(forwardBy: delimiter.count)
        return before
    }

    /// What follows a delimiter says whether another part does.
    private mutating func afterDelimiter(events: [Event], rewindTo start: Int) throws(Problem) -> [Event]? {
        guard pending.readableBytes >= 2, let mark = pending.readBytes(length: 2) else {
            // Not here yet: look for the delimiter again when it is.
            pending.moveReaderIndex(to: start)
            return nil
        }
        switch mark {
        case Array("\r\n".utf8):
            partCount += 1
            guard partCount <= Self.maximumParts else {
                throw .badRequest("A form may have up to \(Self.maximumParts) parts. Send the files in several steps.")
            }
            state = .head
        case Array("--".utf8): state = .epilogue
        default: throw .badRequest("The form’s body is not well-formed.")
        }
        return events
    }

    private mutating func head() throws(Problem) -> [Event]? {
        guard let end = pending.readableBytesView.firstIndex(of: Array("\r\n\r\n".utf8)[...]) else {
            guard pending.readableBytes <= Self.maximumHeadSize else {
                throw .badRequest("A part of the form has too long a head.")
            }
            return nil
        }
        let text = pending.readString(length: end - pending.readerIndex) ?? ""
        guard text.utf8.count <= Self.maximumHeadSize else {
            throw .badRequest("A part of the form has too long a head.")
        }
        pending.moveReaderIndex(forwardBy: 4)
        state = .bytes
        guard let head = MultipartHead(parsing: text) else {
            throw .badRequest("A part of the form has no name.")
        }
        return [.part(head)]
    }

    /// Bytes that cannot belong to a delimiter that has only begun to arrive.
    private mutating func bytesBeforePossibleDelimiter() -> [Event]? {
        let certain = pending.readableBytes - delimiter.count
        guard certain > 0, let part = pending.readSlice(length: certain) else { return nil }
        return [.bytes(part)]
    }
}

extension ByteBufferView {
    /// Where a run of bytes begins that itself begins with a line break.
    fileprivate func firstIndex(of run: ArraySlice<UInt8>) -> Int? {
        var rest = self[...]
        while let start = rest.firstIndex(of: run[run.startIndex]) {
            guard start + run.count <= endIndex else { return nil }
            if self[start..<start + run.count].elementsEqual(run) { return start }
            rest = self[(start + 1)...]
        }
        return nil
    }
}
