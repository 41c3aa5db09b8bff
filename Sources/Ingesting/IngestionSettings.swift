package import Receiving

/// What an operator decides about uploads.
package struct IngestionSettings: Sendable {
    /// Most bytes in one upload.
    package var maximumSize: Int64 = 20 << 30
    /// How much may come in at once.
    package var limits = UploadLimits()
    /// How long an unfinished upload is kept.
    package var expiry: Duration = .seconds(7 * 24 * 3600)
    /// Bytes of the disk that uploads leave free, for the index and for people.
    package var reserve: Int64 = 256 << 20
    /// How long a client waits for inspection before it is told `inspecting`.
    package var inspectionGrace: Duration = .seconds(2)
    package var jobs = JobSettings()

    package init() {}
}
