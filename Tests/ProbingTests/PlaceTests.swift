import Artefacts
import Testing

@testable import Probing

@Suite struct PlaceTests {
    /// A TIFF's header, a directory that points to that of the satellites, and this.
    ///
    /// Source: TIFF 6.0, section 2; EXIF 2.32, section 4.6.6.
    private static func block(isBelowTheSea: Bool) -> [UInt8] {
        func entry(_ tag: UInt8, _ type: UInt8, _ count: UInt8, _ value: [UInt8]) -> [UInt8] {
            [0, tag, 0, type, 0, 0, 0, count] + value
        }
        func rationals(_ parts: [UInt8]) -> [UInt8] { parts.flatMap { [0, 0, 0, $0, 0, 0, 0, 1] } }
        let main = [0, 1, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0] as [UInt8]
        let place =
            [0, 6] + entry(1, 2, 2, [78, 0, 0, 0]) + entry(2, 5, 3, [0, 0, 0, 104]) + entry(3, 2, 2, [87, 0, 0, 0])
            + entry(4, 5, 3, [0, 0, 0, 128]) + entry(5, 1, 1, [isBelowTheSea ? 1 : 0, 0, 0, 0])
            + entry(6, 5, 1, [0, 0, 0, 152]) + [0, 0, 0, 0]
        return Array("MM".utf8) + [0, 42, 0, 0, 0, 8] + main + place + rationals([51, 30, 0]) + rationals([0, 7, 12])
            + rationals([31])
    }

    @Test(arguments: [(false, 31.0), (true, -31.0)])
    func `EXIF says how high it was`(_ isBelowTheSea: Bool, _ altitude: Double) throws {
        let position = try #require(ExifBlock(Self.block(isBelowTheSea: isBelowTheSea))?.position)

        #expect(position.altitude == altitude)
        #expect(position.source == .exif)
        #expect(abs(position.longitude - -0.12) < 1e-9)
    }

    @Test(arguments: [
        ("3050/100", "0", 30.5), ("3050/100", "1", -30.5), ("12", "0", 12.0), ("12/0", "0", nil), ("high", "0", nil),
        ("999999999", "0", nil),
    ])
    func `XMP says how high it was`(_ text: String, _ reference: String, _ altitude: Double?) throws {
        let packet = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="51,30N"
            exif:GPSLongitude="0,7.2W" exif:GPSAltitude="\(text)" exif:GPSAltitudeRef="\(reference)"/>
            </rdf:RDF></x:xmpmeta>
            """

        let position = try #require(XMPPacket(Array(packet.utf8)).position)

        #expect(position.altitude == altitude)
        #expect(position.source == .xmp)
        #expect(abs(position.longitude - -0.12) < 1e-9)
    }

    @Test(arguments: ["", "no XML", "/> and then <", ">", "<"])
    func `what holds no XML says nothing`(_ packet: String) {
        let packet = XMPPacket(Array(packet.utf8))

        #expect(packet.dates.isEmpty)
        #expect(packet.position == nil)
    }
}
