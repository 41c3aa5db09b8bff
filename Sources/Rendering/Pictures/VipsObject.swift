internal import CVips
internal import Glibc

/// An image, or a step on the way to one, that libvips counts references of.
final class VipsObject {
    let image: UnsafeMutablePointer<VipsImage>

    /// Takes what a function of libvips answered.
    ///
    /// - Throws: ``RenderingError`` if that was nothing.
    init(_ image: UnsafeMutablePointer<VipsImage>?) throws(RenderingError) {
        guard let image else {
            vips_error_clear()
            throw RenderingError("the picture cannot be read")
        }
        self.image = image
    }

    deinit { ks_vips_release(image) }
}

/// libvips as a whole.
enum Vips {
    /// Starts the library; again is no harm. Before the first fork, and before any picture.
    static func start() throws(RenderingError) {
        // It would write machine code for the processor at hand, which nobody behind the walls can execute.
        setenv("VIPS_NOVECTOR", "1", 1)
        guard ks_vips_start("keepsake-renderer") == 0 else { throw RenderingError("libvips cannot be started") }
    }

    static var version: String { String(cString: vips_version_string()) }
}
