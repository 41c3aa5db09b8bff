internal import Artefacts
internal import FoundationEssentials
internal import Sealing

/// The written history of one resumable upload: a line of JSON for each step.
///
/// The first line declares the upload; the others say how many bytes were
/// durable, and at last that all were:
///
///     {"declared":{…}}
///     {"length":41943040}
///     {"midstate":{"position":33554432,"sealed":"…"},"offset":33554432}
///     {"midstate":{"position":33554496,"sealed":"…"},"offset":33554500,"tail":"…"}
///     {"received":{"digest":"sha256:…","size":41943040}}
///
/// A tail holds, sealed and in Base64, the bytes from the offset before or the
/// last full segment, whichever is later, up to this offset: those that are in
/// no full segment of the spool yet. A midstate is that of the digest after so
/// many bytes, so that nobody has to read them again.
///
/// Lines are only appended. A power cut can tear the last one: reading stops
/// at the first line that is not whole, and writing goes on from there.
struct UploadLog {
    enum Line: Codable {
        case declared(UploadDeclaration)
        case length(Int64)
        case offset(Int64, tail: Data? = nil, midstate: SealedMidstate? = nil)
        case received(digest: Digest, size: Int64)

        private enum CodingKeys: String, CodingKey { case declared, length, offset, tail, midstate, received }
        private struct Received: Codable {
            let digest: Digest
            let size: Int64
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let declaration = try container.decodeIfPresent(UploadDeclaration.self, forKey: .declared) {
                self = .declared(declaration)
            } else if let length = try container.decodeIfPresent(Int64.self, forKey: .length) {
                self = .length(length)
            } else if let received = try container.decodeIfPresent(Received.self, forKey: .received) {
                self = .received(digest: received.digest, size: received.size)
            } else {
                self = .offset(
                    try container.decode(Int64.self, forKey: .offset),
                    tail: try container.decodeIfPresent(Data.self, forKey: .tail),
                    midstate: try container.decodeIfPresent(SealedMidstate.self, forKey: .midstate))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            switch self {
            case .declared(let declaration): try container.encode(declaration, forKey: .declared)
            case .length(let length): try container.encode(length, forKey: .length)
            case .offset(let offset, let tail, let midstate):
                try container.encode(offset, forKey: .offset)
                try container.encodeIfPresent(tail, forKey: .tail)
                try container.encodeIfPresent(midstate, forKey: .midstate)
            case .received(let digest, let size):
                try container.encode(Received(digest: digest, size: size), forKey: .received)
            }
        }
    }

    /// A midstate as the log has it: it tells of the bytes what their digest tells.
    struct SealedMidstate: Hashable, Codable {
        let position: Int64
        let sealed: Data

        init(_ midstate: Midstate, sealedBy cipher: FileCipher) {
            position = midstate.position
            sealed = cipher.seal(midstate.bytes, .midstate(position: position))
        }

        /// `nil` if it is not what was sealed: the bytes are then read instead.
        func opened(by cipher: FileCipher) -> Midstate? {
            cipher.open(sealed, .midstate(position: position))
                .flatMap { Midstate(position: position, bytes: Array($0)) }
        }
    }

    /// What the lines say together.
    struct History {
        let declaration: UploadDeclaration
        var length: Int64?
        var offset: Int64 = 0
        var midstate: SealedMidstate?
        /// The sealed tails since the last full segment, with their offsets.
        var tails: [(offset: Int64, sealed: Data)] = []
        var received: Digest?

        /// The bytes behind the last full segment.
        ///
        /// - Throws: ``SealedFileError`` if they are not all there.
        func tail(openedBy cipher: FileCipher) throws(SealedFileError) -> [UInt8] {
            var bytes: [UInt8] = []
            for tail in tails {
                guard let plain = cipher.open(tail.sealed, .tail(offset: tail.offset)) else { throw .damaged(.end) }
                bytes.append(contentsOf: plain)
            }
            guard Int64(bytes.count) == offset % SealedLayout.segmentSize else { throw .damaged(.end) }
            return bytes
        }
    }

    /// Where the tail of a line begins.
    static func tailStart(of offset: Int64, after known: Int64) -> Int64 {
        max(known, offset - offset % SealedLayout.segmentSize)
    }

    let history: History
    /// Bytes of the log up to the end of its last whole line.
    let size: Int64

    private static let instantFormat = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// The bytes of one line, its end included.
    static func bytes(of line: Line) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(instantFormat))
        }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(line)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("a line can be encoded: \(error)")
        }
    }

    /// Reads a log; `nil` where not even its first line is whole.
    init?(_ bytes: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try Date(decoder.singleValueContainer().decode(String.self), strategy: Self.instantFormat)
        }
        var history: History?
        var end = 0
        while let newline = bytes[end...].firstIndex(of: UInt8(ascii: "\n")) {
            guard let line = try? decoder.decode(Line.self, from: Data(bytes[end..<newline])),
                let next = Self.step(history, line)
            else { break }
            history = next
            end = newline + 1
        }
        guard let history else { return nil }
        self.history = history
        size = Int64(end)
    }

    private static func step(_ history: History?, _ line: Line) -> History? {
        switch (history, line) {
        case (nil, .declared(let declaration)):
            return History(declaration: declaration, length: declaration.length)
        case (var history?, .length(let length)) where history.length == nil || history.length == length:
            history.length = length
            return history
        case (var history?, .offset(let offset, let tail, let midstate))
        where offset >= history.offset && history.received == nil:
            let start = tailStart(of: offset, after: history.offset)
            if start > history.offset || start % SealedLayout.segmentSize == 0 { history.tails = [] }
            if let tail { history.tails.append((start, tail)) }
            history.offset = offset
            history.midstate = midstate ?? history.midstate
            return history
        case (var history?, .received(let digest, let size)) where size >= history.offset:
            history.offset = size
            history.received = digest
            return history
        default: return nil
        }
    }
}
