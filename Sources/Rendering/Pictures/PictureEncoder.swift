internal import CVips

/// Writes pictures for browsers, nothing but the pixels, by libvips.
enum PictureEncoder {
    /// WebP, which keeps transparency.
    ///
    /// Source: https://caniuse.com/webp, all browsers since Safari 16.
    static func webP(_ picture: Picture) throws(RenderingError) -> [UInt8] {
        // More effort makes large ones hardly smaller, and takes twice as long.
        let effort: Int32 = picture.longerSide > 1024 ? 2 : 4
        return try encoded(picture) { ks_vips_webp($0, 80, effort, $1, $2) }
    }

    /// WebP of a drawing in few colours, exactly.
    static func losslessWebP(_ picture: Picture) throws(RenderingError) -> [UInt8] {
        try encoded(picture) { ks_vips_lossless_webp($0, $1, $2) }
    }

    /// JPEG, on white where the picture is transparent.
    static func jpeg(_ picture: Picture) throws(RenderingError) -> [UInt8] {
        try encoded(picture) { image, bytes, count in
            guard let flat = ks_vips_flatten(image) else { return -1 }
            defer { ks_vips_release(flat) }
            return ks_vips_jpeg(flat, 88, bytes, count)
        }
    }

    private static func encoded(
        _ picture: Picture,
        _ save: (
            UnsafeMutablePointer<VipsImage>, UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Int>
        ) -> Int32
    ) throws(RenderingError) -> [UInt8] {
        try PictureDecoder.withImage(of: picture) { image throws(RenderingError) in
            var bytes: UnsafeMutableRawPointer?
            var count = 0
            guard save(image, &bytes, &count) == 0, let bytes else {
                vips_error_clear()
                throw RenderingError("the picture cannot be written")
            }
            defer { g_free(bytes) }
            return Array(UnsafeRawBufferPointer(start: bytes, count: count))
        }
    }
}
