internal import CVips
internal import CWebP

/// Writes pictures for browsers, nothing but the pixels.
enum PictureEncoder {
    /// WebP, which keeps transparency, by libwebp.
    ///
    /// Source: https://caniuse.com/webp, all browsers since Safari 16.
    static func webP(_ picture: Picture) throws(RenderingError) -> [UInt8] {
        // More effort makes large ones hardly smaller, and takes twice as long.
        try webP(picture, quality: 80, effort: picture.longerSide > 1024 ? 2 : 4, lossless: false)
    }

    /// WebP of a drawing in few colours, exactly.
    static func losslessWebP(_ picture: Picture) throws(RenderingError) -> [UInt8] {
        try webP(picture, quality: 75, effort: 4, lossless: true)
    }

    /// JPEG, on white where the picture is transparent, by libvips.
    static func jpeg(_ picture: Picture) throws(RenderingError) -> [UInt8] {
        try PictureDecoder.withImage(of: picture) { image throws(RenderingError) in
            let flat = try VipsObject(ks_vips_flatten(image))
            var bytes: UnsafeMutableRawPointer?
            var count = 0
            guard ks_vips_jpeg(flat.image, 88, &bytes, &count) == 0, let bytes else {
                vips_error_clear()
                throw failure
            }
            defer { g_free(bytes) }
            return Array(UnsafeRawBufferPointer(start: bytes, count: count))
        }
    }

    private static let failure = RenderingError("the picture cannot be written")

    private static func webP(
        _ picture: Picture, quality: Int32, effort: Int32, lossless: Bool
    ) throws(RenderingError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ks_webp(
            picture.pixels, Int32(picture.width), Int32(picture.height), Int32(picture.bands), quality, effort,
            lossless ? 1 : 0, &bytes)
        guard count > 0, let bytes else { throw failure }
        defer { WebPFree(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
