import Artefacts
import Foundation
import InspectionWire
import Testing

@testable import Inspecting

@Suite struct FileNameDateTests {
    @Test(arguments: [
        "IMG_20240131_121314.jpg", "VID_20240131_121314.mp4", "20240131_121314.jpg", "20240131_121314(0).jpg",
        "IMG_20240131_121314_HDR.jpg", "MVIMG_20240131_121314.jpg", "Screenshot_20240131-121314.png",
        "Recording_20240131_121314.m4a", "20240131121314.3gp", "signal-2024-01-31-121314.jpg",
        "signal-2024-01-31-12-13-14-123.jpg", "photo_2024-01-31_12-13-14.jpg", "2024-01-31 12.13.14.jpg",
        "Screenshot 2024-01-31 at 12.13.14.png", "Screen Recording 2024-01-31 at 12.13.14.mov",
        "Screenshot 2024-01-31 at 12.13.14 PM.png", "2024-01-31T12:13:14.jpg",
    ])
    func `a time in a name is local`(_ name: String) throws {
        let found = try #require(FileNameDate.evidence(in: FileName(declared: name)))

        #expect(found.at == date("2024-01-31T12:13:14Z"))
        #expect(found.offset == nil)
        #expect(found.precision == .second)
        #expect(found.meaning == .started)
    }

    @Test(arguments: [
        ("PXL_20240131_121314123.jpg", "2024-01-31T12:13:14.123Z"),
        ("PXL_20240131_121314123.TS.mp4", "2024-01-31T12:13:14.123Z"),
    ])
    func `in names of Google's camera it is UTC`(_ name: String, _ instant: String) throws {
        let found = try #require(FileNameDate.evidence(in: FileName(declared: name)))

        #expect(found.at == date(instant))
        #expect(found.offset == 0)
    }

    @Test(arguments: [
        "IMG-20240131-WA0012.jpg", "VID-20240131-WA0012.mp4", "PTT-20240131-WA0012.opus", "AUD-20240131-WA0012.m4a",
    ])
    func `WhatsApp names the day on which something was sent or received`(_ name: String) throws {
        let found = try #require(FileNameDate.evidence(in: FileName(declared: name)))

        #expect(found.at == date("2024-01-31T00:00:00Z"))
        #expect(found.precision == .day)
        #expect(found.meaning == .sent)
    }

    @Test(arguments: [
        ("WhatsApp Image 2026-08-31 at 15.41.14.jpeg", "2026-08-31T15:41:14Z"),
        ("WhatsApp Image 2026-08-31 at 15.41.14", "2026-08-31T15:41:14Z"),
        ("WhatsApp Video 2026-08-31 at 3.41.14 PM.mp4", "2026-08-31T15:41:14Z"),
        ("WhatsApp Audio 2026-08-31 at 12.41.14 AM (1).ogg", "2026-08-31T00:41:14Z"),
        ("00000012-PHOTO-2024-01-31-12-13-14.jpg", "2024-01-31T12:13:14Z"),
        ("00000012-AUDIO-2024-01-31-12-13-14.opus", "2024-01-31T12:13:14Z"),
    ])
    func `messengers name the time of the message`(_ name: String, _ local: String) throws {
        let found = try #require(FileNameDate.evidence(in: FileName(declared: name)))

        #expect(found.at == date(local))
        #expect(found.precision == .second)
        #expect(found.meaning == .sent)
    }

    @Test(arguments: [
        "2024-01-31 drawing.jpg", "Drawing 2024-01-31.png", "20240131.jpg", "20240131-visit.docx",
        "scan_2024.01.31.pdf",
        "2024-01-31-25-61-00.jpg", "IMG_20240131_999999.jpg",
    ])
    func `a name without a possible time has a day`(_ name: String) throws {
        let found = try #require(FileNameDate.evidence(in: FileName(declared: name)))

        #expect(found.at == date("2024-01-31T00:00:00Z"))
        #expect(found.precision == .day)
    }

    @Test(arguments: [
        "IMG_1234.JPG", "photo.jpg", "20241331_121314.jpg", "20230229.jpg", "1706703194123.jpg", "07700900123.jpg",
        "FB_IMG_1706703194123.jpg", "00000012.jpg", "31-01-2024.pdf", "letter 2024.pdf", "2024-01.pdf", "18991231.jpg",
        "٢٠٢٤٠١٣١.jpg",
    ])
    func `a name without a possible day has no date`(_ name: String) {
        #expect(FileNameDate.evidence(in: FileName(declared: name)) == nil)
    }

    @Test func `only the date of a name is kept as evidence`() throws {
        let found = try #require(
            FileNameDate.evidence(in: FileName(declared: "Amira at the sea 2024-01-31 12.13.14 with Ben.jpg")))

        #expect(found.raw == "2024-01-31 12.13.14")
    }
}
