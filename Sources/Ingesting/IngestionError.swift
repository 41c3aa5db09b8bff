package import Linking
package import Receiving

/// Why an upload did not go through. Nothing that was acknowledged is lost by any of these.
package enum IngestionError: Error {
    /// No such upload, or it was removed.
    case noSuchUpload
    /// The client asked for what the state of the upload does not allow.
    case refused(UploadRefusal)
    /// The client may try again when less is coming in.
    case notNow(AdmissionRefusal)
    /// More uploads come in than the disk can hold; the bytes so far are kept.
    case noSpace
    /// The client went away; the bytes so far are kept.
    case interrupted
    /// What arrived does not hash to what was promised for the whole; it was removed.
    case digestMismatch
    /// The first bytes are those of a program; the rest was not taken.
    case program(Refusal)
    /// A person decides only about what was held.
    case notHeld
    /// The scanner found something in the file, or could not look at it.
    case notClean
    /// The uploads that a final one names cannot be put together.
    case notConcatenable(ConcatenationRefusal)
}

/// Why uploads cannot be put together.
package enum ConcatenationRefusal: Error, Hashable {
    /// One is not there, or not the sender's.
    case missing
    /// One is a file of its own.
    case notPartial
    case tooLarge(maximum: Int64)
}
