/// Something in a file that policy, or a person, wants to know of.
///
/// The written name is the one in `Config/formats.yaml`.
package enum Feature: String, Sendable, Codable, CaseIterable {
    // What keeps people out.
    /// Cannot be opened without a password.
    case passwordLocked
    /// Can be read, though its maker wanted to forbid something.
    case ownerLocked
    /// Can be played only with a licence.
    case rightsManaged

    // What runs.
    case macros
    case script
    /// A PDF that starts a program.
    case launchAction
    case embeddedProgram
    /// Objects of other programs (OLE).
    case embeddedObjects

    // What is carried along.
    case embeddedFiles
    /// Refers to something outside that is fetched when it is opened.
    case externalContent
    /// XFA or rich media in a PDF.
    case richMedia
    /// An XML document type that declares entities.
    case documentType

    // What is not as it should be.
    /// Bytes behind the end that the format has.
    case trailingData
    /// More than 64 KiB of such bytes.
    case largeTrailingData
    /// A second format in the same file.
    case polyglot
    /// Bytes before the beginning that the format has.
    case leadingData
    /// Unpacks to far more than it is.
    case archiveBomb
    /// Member names that lead out of the folder they are unpacked to.
    case unsafePaths
    case nestedArchive
    /// More members, pages, frames or boxes than anybody can look at.
    case tooManyParts
    /// More than 250 million pixels.
    case hugePicture
    /// Nothing but zero bytes, from the first to the last.
    case onlyZeros

    // What is good to know.
    case animated
    /// A still picture with a short film behind it.
    case motion
    /// A helper file of another file, such as `._IMG_1.JPG` or an XMP sidecar.
    case sidecar
}
