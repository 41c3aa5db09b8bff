package import Artefacts
package import Reading

/// The original without what tells where and with what it was made.
///
/// Pictures and sound stay byte for byte; metadata goes, and of it only what a
/// viewer needs stays (how to turn the picture, its colours). What is not
/// understood is not copied: in doubt there is no copy.
package enum LocationFreeCopy {
    private typealias Planner = @Sendable (FileBytes) throws(StrippingError) -> CopyPlan

    private static let planners: [(types: Set<MediaType>, plan: Planner)] = [
        (["image/jpeg"], { file throws(StrippingError) in try JPEGStripping(file).plan() }),
        (["image/png", "image/apng"], { file throws(StrippingError) in try PNGStripping(file).plan() }),
        (["image/gif"], { file throws(StrippingError) in try GIFStripping(file).plan() }),
        (["image/webp"], { file throws(StrippingError) in try WebPStripping(file).plan() }),
        (
            ["image/tiff", "image/dng", "image/x-adobe-dng"],
            { file throws(StrippingError) in try TIFFStripping(file).plan() }
        ),
        (
            [
                "image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence", "image/avif",
                "image/avif-sequence", "video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2", "audio/mp4",
                "audio/3gpp", "audio/3gpp2",
            ],
            { file throws(StrippingError) in try BoxStripping(file).plan() }
        ),
        (
            ["video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"],
            { file throws(StrippingError) in try MatroskaStripping(file).plan() }
        ),
    ]

    /// Whether copies of files of this type can be made.
    package static func canBeMade(of type: MediaType) -> Bool { planners.contains { $0.types.contains(type) } }

    /// Writes the copy, in parts of at most 256 KiB and in order.
    ///
    /// The same file always gives the same copy. What was written before an
    /// error is to be thrown away.
    ///
    /// - Throws: ``StrippingError``, or what `write` throws.
    package static func make(
        _ file: FileBytes, type: MediaType, write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let planner = planners.first(where: { $0.types.contains(type) }) else {
            throw StrippingError.unsupportedType
        }
        try CopyWriter(file: file).write(try planner.plan(file), write)
    }
}
