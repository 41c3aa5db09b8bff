internal import Artefacts
internal import FoundationEssentials
internal import Linking

/// An upload that was refused, as it is written beside the blobs.
struct RefusalRecord: Codable {
    let upload: UploadID
    let child: ChildID
    let digest: Digest
    let size: Int64
    let fileName: FileName
    let reason: String
    let at: Date

    init(_ refusal: Refusal) {
        upload = refusal.upload
        child = refusal.child
        digest = refusal.digest
        size = refusal.size
        fileName = refusal.fileName
        reason = refusal.reason
        at = refusal.at
    }

    var refusal: Refusal {
        Refusal(upload: upload, child: child, digest: digest, size: size, fileName: fileName, reason: reason, at: at)
    }
}
