import Artefacts
import Reading
import TestSupport
import Testing

@testable import Rendering

@Suite struct PictureTests {
    /// Three columns and two rows, no two pixels alike.
    private let small: Picture

    init() throws {
        _ = try Made([], of: [0], as: "image/png")
        small = try #require(Picture(width: 3, height: 2, bands: 3, pixels: (0..<18).map { UInt8($0 * 10) }))
    }

    @Test(arguments: 1...8) func `a picture is turned as EXIF says`(_ orientation: Int) throws {
        let turned = try PictureDecoder.turned(small, orientation: orientation)

        // Where the first row and the first column of what is stored are shown. Source: EXIF 2.32, tag 0x0112.
        let (rowStart, columnStep): ((Int, Int), (Int, Int)) =
            switch orientation {
            case 2: ((2, 0), (-1, 0))
            case 3: ((2, 1), (-1, 0))
            case 4: ((0, 1), (1, 0))
            case 5: ((0, 0), (0, 1))
            case 6: ((1, 0), (0, 1))
            case 7: ((1, 2), (0, -1))
            case 8: ((0, 2), (0, -1))
            default: ((0, 0), (1, 0))
            }
        #expect((turned.width, turned.height) == (orientation < 5 ? (3, 2) : (2, 3)))
        for column in 0..<3 {
            let place = (rowStart.0 + columnStep.0 * column, rowStart.1 + columnStep.1 * column)
            #expect(turned.pixel(place.0, place.1) == small.pixel(column, 0))
        }
        #expect(Set(turned.pixels) == Set(small.pixels))
    }

    @Test func `a photo is shown upright`() throws {
        let bytes = try Samples.bytes("photo.jpg")
        // The orientation is the only value of the first directory's entry 0x0112.
        let entry: [UInt8] = [0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, 6]
        let place = try #require((0..<400).first { Array(bytes[$0..<$0 + entry.count]) == entry })
        var lying = bytes
        lying[place + 9] = 1

        let upright = try Picture(reading: Made([.thumbnail], of: bytes, as: "image/jpeg").bytes(.thumbnail))
        let stored = try Picture(reading: Made([.thumbnail], of: lying, as: "image/jpeg").bytes(.thumbnail))

        #expect((stored.width, stored.height) == (480, 360))
        // The two were compressed on their own.
        #expect(try PictureDecoder.turned(stored, orientation: 6).difference(from: upright) < 100)
        #expect(try PictureDecoder.turned(stored, orientation: 8).difference(from: upright) > 150)
    }

    @Test func `colours of a wide space are shown as what they are`() throws {
        let made = try Made([.thumbnail], of: Samples.bytes("bright.jpg"), as: "image/jpeg")
        let pixel = try Picture(reading: made.bytes(.thumbnail)).pixel(30, 20)

        // Stored as 117, 251, 76.
        #expect(pixel[0] < 30 && pixel[1] > 240 && pixel[2] < 30, "\(pixel)")
    }

    @Test func `what is transparent stays so in WebP, and is white in JPEG`() throws {
        let clear = try #require(
            Picture(width: 16, height: 16, bands: 4, pixels: [UInt8](repeating: 0, count: 16 * 16 * 4)))

        #expect(try Picture(reading: PictureEncoder.webP(clear)).pixel(8, 8)[3] == 0)
        let flat = try Picture(reading: PictureEncoder.jpeg(clear), "image/jpeg").pixel(8, 8)
        #expect(flat == [255, 255, 255])
    }

    @Test func `a large photo is made smaller, whatever of it is wanted`() throws {
        let row: [UInt8] = (0..<4000).flatMap { (column: Int) -> [UInt8] in [UInt8(column / 16), 90, 120] }
        let large = try #require(
            Picture(width: 4000, height: 100, bands: 3, pixels: Array(repeatElement(row, count: 100).joined())))
        let made = try Made([.thumbnail, .poster], of: PictureEncoder.jpeg(large), as: "image/jpeg")

        #expect(try Picture(reading: made.bytes(.poster)).width == 2048)
        #expect(try Picture(reading: made.bytes(.thumbnail)).width == 480)
    }

    @Test func `a drawing in SVG is drawn, and fetches nothing`() throws {
        let drawing = """
            <svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='40' height='20'>
            <image width='40' height='20' xlink:href='file://\(Samples.path("drawing.png"))'/>
            <rect x='20' width='20' height='20' fill='#0000ff'/></svg>
            """
        let made = try Made([.thumbnail], of: Array(drawing.utf8), as: "image/svg+xml")
        let picture = try Picture(reading: made.bytes(.thumbnail))

        #expect(picture.pixel(5, 10)[3] == 0)
        #expect(picture.pixel(30, 10)[2] > 240)
    }

    @Test func `writing in a font that the document does not carry is shown`() throws {
        let made = try Made([.thumbnail], of: Samples.bytes("letter.pdf"), as: "application/pdf")
        let picture = try Picture(reading: made.bytes(.thumbnail))

        #expect(picture.pixels.contains { $0 < 100 })
        #expect(picture.pixel(0, 0).allSatisfy { $0 > 240 })
    }

    @Test(
        arguments: [
            ("painting.procreate", "application/x-procreate"), ("painting.kra", "application/x-krita"),
            ("painting.ora", "image/openraster"), ("letter.pages", "application/vnd.apple.pages"),
            ("table.numbers", "application/vnd.apple.numbers"), ("slides.key", "application/vnd.apple.keynote"),
        ] as [(String, MediaType)])
    func `a document is shown by the small picture that its program put into it`(
        _ name: String, _ type: MediaType
    ) throws {
        let made = try Made([.thumbnail, .poster], of: Samples.bytes("formats/" + name), as: type)
        let picture = try Picture(reading: made.bytes(.thumbnail))

        #expect((picture.width, picture.height) == (96, 72))
        #expect(Set(picture.pixels).count > 1)
    }

    @Test func `a document without a picture, or with one that is cut, gets none`() throws {
        let text: MediaType = "application/vnd.oasis.opendocument.text"
        let none = try Made([.thumbnail], of: Samples.bytes("texts/letter.odt"), as: text)
        let strange = try Made([.thumbnail], of: Samples.bytes("letter.txt"), as: "application/x-krita")
        let cut = try Made(
            [.thumbnail], of: Array(Samples.bytes("formats/painting.kra").dropLast(60)), as: "application/x-krita")

        #expect(none.results[.thumbnail] == .failure(Made.Failure(reason: "there is no small picture in the document")))
        for made in [strange, cut] { #expect(throws: Made.Failure.self) { try made.bytes(.thumbnail) } }
    }
}
