internal import FoundationEssentials
internal import NIOCore

/// A JSON object whose every field is known, so that a typo is never silently lost.
protocol StrictlyDecodable: Decodable {
    /// The fields there are.
    static var fieldNames: Set<String> { get }
}

extension StrictlyDecodable {
    /// Reads one JSON object.
    ///
    /// - Throws: ``Problem`` with status 400 that names the field at fault.
    init(json body: ByteBuffer) throws(Problem) {
        let data = Data(body.readableBytesView)
        let decoder = JSONDecoder()
        do {
            let present = try decoder.decode([String: Anything].self, from: data)
            if let stranger = present.keys.first(where: { !Self.fieldNames.contains($0) }) {
                throw Problem.badRequest("There is no field “\(stranger.prefix(64))” here.")
            }
            self = try decoder.decode(Self.self, from: data)
        } catch let problem as Problem {
            throw problem
        } catch let error as DecodingError {
            throw .badRequest(Self.sentence(about: error))
        } catch {
            throw .badRequest("The body is not a JSON object.")
        }
    }

    private static func sentence(about error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "The field “\(key.stringValue)” is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "The body is not a JSON object."
                : "The field “\(context.codingPath.map(\.stringValue).joined(separator: "."))” has a value that does not fit."
        @unknown default: "The body is not what is expected here."
        }
    }
}

/// Any JSON value, left alone.
private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}
