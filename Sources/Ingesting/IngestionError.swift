package import Receiving

/// Why an upload did not go through. Nothing that was acknowledged is lost by any of these.
package enum IngestionError: Error {
    /// No such upload, or it was removed.
    case noSuchUpload
    /// The client asked for what the state of the upload does not allow.
    case refused(UploadRefusal)
    /// More uploads come in than the disk can hold; the bytes so far are kept.
    case noSpace
    /// The client went away; the bytes so far are kept.
    case interrupted
}
