internal import Artefacts
internal import CVips
internal import Reading

/// Reads pictures, as many pixels of them as are wanted, by libvips.
///
/// A JPEG is decoded no larger than needed. No thread is used that libvips
/// would keep, so that this also works before a fork.
enum PictureDecoder {
    /// Reads a picture in any of the formats that libvips may read here.
    ///
    /// - Parameter side: most pixels on the longer side; a smaller picture stays as it is.
    static func picture(in file: FileBytes, type: MediaType, side: Int) throws(RenderingError) -> Picture {
        do throws(RenderingError) {
            return try picture(in: FileCursor(file), type: type, side: side)
        } catch {
            guard type.subtype.hasPrefix("hei") else { throw error }
            return try embedded(in: file)
        }
    }

    /// Reads a picture from its beginning on.
    static func picture(in cursor: FileCursor, type: MediaType, side: Int) throws(RenderingError) -> Picture {
        let load = loadedInPart.contains(type) ? ks_vips_load : ks_vips_load_whole
        return try decode(cursor) { load($0, Int32(side)) }
    }

    /// Formats of which a smaller picture can be had for less than the whole.
    private static let loadedInPart: Set<MediaType> = ["image/jpeg", "image/webp", "image/svg+xml"]

    /// The small picture inside one of a newer kind than the library understands, such as those of iOS 18.
    private static func embedded(in file: FileBytes) throws(RenderingError) -> Picture {
        do throws(RenderingError) {
            return try decode(FileCursor(file)) { ks_vips_load_embedded($0) }
        } catch {
            throw RenderingError("this kind of HEIC cannot be shown yet")
        }
    }

    /// The picture, no larger than this on its longer side.
    static func shrunk(_ picture: Picture, side: Int) throws(RenderingError) -> Picture {
        guard picture.longerSide > side else { return picture }
        return try withImage(of: picture) { image throws(RenderingError) in
            try pixels(of: VipsObject(ks_vips_shrink(image, Int32(side))))
        }
    }

    /// The pixels as an image of libvips, for as long as `body` runs.
    static func withImage<Result>(
        of picture: Picture, _ body: (UnsafeMutablePointer<VipsImage>) throws(RenderingError) -> Result
    ) throws(RenderingError) -> Result {
        try picture.pixels.withUnsafeBufferPointer { bytes throws(RenderingError) in
            let image = try VipsObject(
                ks_vips_image(
                    bytes.baseAddress, bytes.count, Int32(picture.width), Int32(picture.height), Int32(picture.bands)))
            return try body(image.image)
        }
    }

    /// The picture turned as EXIF's orientation says; as it is for 1 and for numbers without a meaning.
    static func turned(_ picture: Picture, orientation: Int) throws(RenderingError) -> Picture {
        guard (2...8).contains(orientation) else { return picture }
        return try withImage(of: picture) { image throws(RenderingError) in
            try pixels(of: VipsObject(ks_vips_turn(image, Int32(orientation))))
        }
    }

    private static func decode(
        _ cursor: FileCursor, _ load: (UnsafeMutablePointer<VipsSource>) -> UnsafeMutablePointer<VipsImage>?
    ) throws(RenderingError) -> Picture {
        let source = ks_vips_source(
            { FileCursor.from($3)?.read(into: $1, count: $2) ?? -1 },
            { Int(FileCursor.from($3)?.seek(to: Int64($1), whence: $2) ?? -1) },
            Unmanaged.passUnretained(cursor).toOpaque())
        guard let source else { throw RenderingError("the picture cannot be read") }
        defer {
            ks_vips_release(source)
            withExtendedLifetime(cursor) {}
        }
        let image = try VipsObject(load(source))
        let orientation = Int(vips_image_get_orientation(image.image))
        return try turned(try pixels(of: image), orientation: orientation)
    }

    private static func pixels(of image: VipsObject) throws(RenderingError) -> Picture {
        let plain = try VipsObject(ks_vips_plain(image.image))
        let (width, height) = (Int(plain.image.pointee.Xsize), Int(plain.image.pointee.Ysize))
        let bands = Int(plain.image.pointee.Bands)
        var isRead = false
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height * bands) { buffer, count in
            isRead = ks_vips_copy_pixels(plain.image, buffer.baseAddress) == 0
            count = isRead ? buffer.count : 0
        }
        vips_error_clear()
        guard isRead, let picture = Picture(width: width, height: height, bands: bands, pixels: pixels) else {
            throw RenderingError("the picture is damaged")
        }
        return picture
    }
}
