package import Linking

/// What a backup or a restore did.
package struct CopyReport: Sendable {
    /// Blobs that were copied.
    package var copied = 0
    /// Plain bytes of those.
    package var bytes: Int64 = 0
    /// Blobs that were there already.
    package var present = 0
    /// Blobs that could not be copied, because they are missing or not whole.
    package var damaged: [Verification] = []

    package init() {}
}
