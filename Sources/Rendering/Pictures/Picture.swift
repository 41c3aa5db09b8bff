/// Pixels in sRGB, 8 bits for each of red, green, blue and perhaps alpha; nothing else is known of them.
struct Picture: Hashable, Sendable {
    let width: Int
    let height: Int
    /// 3, or 4 with alpha, which is not premultiplied.
    let bands: Int
    /// Row by row, without gaps.
    let pixels: [UInt8]

    /// Takes pixels; `nil` unless there are as many as there should be.
    init?(width: Int, height: Int, bands: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, bands == 3 || bands == 4, pixels.count == width * height * bands else {
            return nil
        }
        self.width = width
        self.height = height
        self.bands = bands
        self.pixels = pixels
    }

    var longerSide: Int { max(width, height) }
}
