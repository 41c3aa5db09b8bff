internal import CExif

/// What libexif finds in the EXIF block of a photo.
///
/// Source: EXIF 2.32 (CIPA DC-008).
package struct ExifBlock: Sendable, Hashable {
    /// One date with what belongs to it and to no other.
    package struct Instant: Sendable, Hashable {
        /// `YYYY:MM:DD HH:MM:SS`, local time.
        package let text: String
        /// Digits after the decimal point of the seconds.
        package let subseconds: String?
        /// As `+01:00`.
        package let offset: String?
    }

    package let make: String?
    package let model: String?
    package let software: String?
    /// 1 to 8.
    package let orientation: Int?
    package let original: Instant?
    package let digitised: Instant?
    package let modified: Instant?
    package let hasPosition: Bool

    /// Reads a block that begins with `Exif\0\0`, or `nil` where it holds nothing.
    package init?(_ block: [UInt8]) {
        guard let data = block.withUnsafeBufferPointer({ exif_data_new_from_data($0.baseAddress, UInt32($0.count)) })
        else { return nil }
        defer { exif_data_unref(data) }
        let values = Values(data)
        make = values.text(EXIF_TAG_MAKE)
        model = values.text(EXIF_TAG_MODEL)
        software = values.text(EXIF_TAG_SOFTWARE)
        orientation = values.number(EXIF_TAG_ORIENTATION).flatMap { (1...8).contains($0) ? $0 : nil }
        // OffsetTime belongs to the date of modification and to no other.
        original = values.instant(
            EXIF_TAG_DATE_TIME_ORIGINAL, EXIF_TAG_SUB_SEC_TIME_ORIGINAL, EXIF_TAG_OFFSET_TIME_ORIGINAL)
        digitised = values.instant(
            EXIF_TAG_DATE_TIME_DIGITIZED, EXIF_TAG_SUB_SEC_TIME_DIGITIZED, EXIF_TAG_OFFSET_TIME_DIGITIZED)
        modified = values.instant(EXIF_TAG_DATE_TIME, EXIF_TAG_SUB_SEC_TIME, EXIF_TAG_OFFSET_TIME)
        hasPosition = values.hasPosition
        if values.isEmpty { return nil }
    }

    /// Walks the entries of all directories; `exif_data_get_entry` is a macro.
    private struct Values {
        private let data: UnsafeMutablePointer<ExifData>

        init(_ data: UnsafeMutablePointer<ExifData>) { self.data = data }

        var isEmpty: Bool { directories.allSatisfy { $0?.pointee.count == 0 } }

        /// GPSLatitude has the same number as a tag of another directory.
        var hasPosition: Bool {
            guard let gps = directories[Int(EXIF_IFD_GPS.rawValue)] else { return false }
            return exif_content_get_entry(gps, ExifTag(rawValue: 0x0002)) != nil
        }

        func text(_ tag: ExifTag) -> String? {
            guard let entry = entry(tag) else { return nil }
            var buffer = [CChar](repeating: 0, count: 256)
            guard exif_entry_get_value(entry, &buffer, UInt32(buffer.count)) != nil else { return nil }
            let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let kept = text.reversed().drop { $0.isWhitespace }.reversed()
            return kept.isEmpty ? nil : String(kept)
        }

        func number(_ tag: ExifTag) -> Int? {
            guard let entry = entry(tag), entry.pointee.format == EXIF_FORMAT_SHORT, entry.pointee.size >= 2 else {
                return nil
            }
            return Int(exif_get_short(entry.pointee.data, exif_data_get_byte_order(data)))
        }

        func instant(_ date: ExifTag, _ subseconds: ExifTag, _ offset: ExifTag) -> Instant? {
            text(date).map { Instant(text: $0, subseconds: text(subseconds), offset: text(offset)) }
        }

        private var directories: [UnsafeMutablePointer<ExifContent>?] {
            withUnsafeBytes(of: data.pointee.ifd) { Array($0.bindMemory(to: UnsafeMutablePointer<ExifContent>?.self)) }
        }

        private func entry(_ tag: ExifTag) -> UnsafeMutablePointer<ExifEntry>? {
            for index in [EXIF_IFD_EXIF, EXIF_IFD_0] {
                if let content = directories[Int(index.rawValue)], let entry = exif_content_get_entry(content, tag) {
                    return entry
                }
            }
            return nil
        }
    }
}
