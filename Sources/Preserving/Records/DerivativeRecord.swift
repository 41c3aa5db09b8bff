internal import Artefacts
internal import FoundationEssentials

/// What came of making one derivative of an artefact, as it is written with it.
struct DerivativeRecord: Codable {
    /// As text: a later version may know of more kinds.
    let kind: String
    let digest: Digest?
    let mimeType: MediaType?
    let size: Int64?
    /// Why it could not be made.
    let problem: String?
    let madeAt: Date
    let tools: [String: String]

    init(_ outcome: DerivativeOutcome) {
        var (made, failed): (Derivative?, DerivativeFailure?)
        switch outcome.result {
        case .made(let derivative): made = derivative
        case .failed(let failure): failed = failure
        }
        kind = outcome.kind.rawValue
        digest = made?.digest
        mimeType = made?.mimeType
        size = made?.size
        problem = failed?.reason
        madeAt = outcome.at
        tools = outcome.tools
    }

    /// `nil` where it is of no known kind, or says nothing.
    var outcome: DerivativeOutcome? {
        guard let kind = DerivativeKind(rawValue: kind) else { return nil }
        if let digest, let mimeType, let size {
            let made = Derivative(kind: kind, digest: digest, mimeType: mimeType, size: size)
            return DerivativeOutcome(.made(made), at: madeAt, tools: tools)
        }
        guard let problem else { return nil }
        return DerivativeOutcome(.failed(DerivativeFailure(kind: kind, reason: problem)), at: madeAt, tools: tools)
    }
}
