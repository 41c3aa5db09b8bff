package import FoundationEssentials

/// The one frame that the inspector writes before it ends.
///
/// On the wire: the length of the JSON as four bytes, big-endian, then the JSON.
package enum InspectionAnswer: Hashable, Sendable, Codable {
    case report(InspectionReport)
    /// The inspector could not look at the file at all; `reason` is for the log.
    case failed(reason: String)
    /// It may be a recording, which the inspector that can play some is to be asked about.
    case needsPlayer

    /// Most bytes in a frame, with its length.
    package static let maximumFrameSize = 65_536

    /// The answer as a frame.
    ///
    /// - Throws: ``InspectionWireError/tooLong(size:)``, or what JSON encoding throws.
    package func frame() throws -> Data {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        let json = try encoder.encode(self)
        guard json.count + 4 <= Self.maximumFrameSize else {
            throw InspectionWireError.tooLong(size: json.count)
        }
        let length = UInt32(json.count)
        return Data([UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255)])
            + json
    }

    /// Reads exactly one frame.
    ///
    /// - Throws: ``InspectionWireError`` unless the bytes are one whole, well-formed frame.
    package init(frame: Data) throws(InspectionWireError) {
        guard frame.count <= Self.maximumFrameSize else { throw .tooLong(size: frame.count) }
        let bytes = Array(frame)
        guard bytes.count >= 4 else { throw .incomplete }
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count == length + 4 else { throw .incomplete }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        do {
            self = try decoder.decode(Self.self, from: Data(bytes[4...]))
        } catch {
            throw .malformed
        }
    }
}

/// A frame that cannot be an answer of the inspector.
package enum InspectionWireError: Error, Hashable {
    case tooLong(size: Int)
    case incomplete
    case malformed
}
