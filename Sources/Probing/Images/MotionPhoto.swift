internal import Reading

/// The short film that phones put behind a still picture.
///
/// Source: Android's Motion Photo format 1.0; Samsung's trailer ends in `SEFT`.
enum MotionPhoto {
    enum Film { case whole, cut }

    private static let searched = 8 << 20

    /// The film behind the picture, if one begins there.
    ///
    /// A gain map or a trailer of the camera's may stand between them.
    static func film(in file: FileBytes, behind end: Int64) -> Film? {
        guard let start = start(in: file, behind: end), let boxes = MediaBoxes(file, from: start) else { return nil }
        return boxes.hasMovie && boxes.damage == nil ? .whole : .cut
    }

    private static func start(in file: FileBytes, behind end: Int64) -> Int64? {
        var found: Int64?
        file.scan(from: end, to: end + Int64(searched)) { position, piece in
            for index in 4..<max(4, piece.count - 4) where piece[index] == 0x66 && piece[index + 1] == 0x74 {
                guard piece[index + 2] == 0x79, piece[index + 3] == 0x70, piece[index - 4] == 0, piece[index - 3] == 0
                else { continue }
                found = position + Int64(index) - 4
                return .enough
            }
            return .onwards
        }
        return found
    }

    static func isCameraTrailer(_ file: FileBytes) -> Bool { file.tail(4) == Array("SEFT".utf8) }
}
