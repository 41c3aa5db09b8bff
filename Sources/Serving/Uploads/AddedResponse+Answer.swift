internal import Artefacts
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Linking

extension AddedResponse {
    /// The answer to whoever added a file.
    static func response(to linked: Linked) throws -> Response {
        guard let child = linked.entries.first?.child, let added = AddedResponse(linked, on: child) else {
            throw Problem.failed
        }
        return try .json(
            added, status: .created,
            headers: [
                .location: added.artefact.href,
                .reprDigest: "sha-256=:\(Data(linked.artefact.digest.bytes).base64EncodedString()):",
            ])
    }
}
