import Artefacts
import Linking

/// A damaged file, as commands name it.
struct DamagedAnswer: Encodable {
    let digest: Digest
    let reason: String

    init(_ verification: Verification) {
        digest = verification.digest
        reason = verification.damage ?? ""
    }

    /// For people.
    var line: String { "damaged  \(digest)  \(reason)" }
}
