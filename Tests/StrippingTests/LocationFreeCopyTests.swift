import Artefacts
import InspectionWire
import Playing
import Probing
import Reading
import Stripping
import TestSupport
import Testing

@Suite struct LocationFreeCopyTests {
    @Test(arguments: LocatedSample.all)
    func `nothing in a copy tells where or with what it was made`(_ sample: LocatedSample) throws {
        let original = try sample.bytes
        #expect(!original.secrets().isEmpty)

        let copy = try copy(of: original, type: sample.type)

        #expect(copy.secrets() == [])
    }

    @Test(arguments: LocatedSample.all)
    func `picture and sound stay byte for byte`(_ sample: LocatedSample) throws {
        let original = try sample.bytes

        let copy = try copy(of: original, type: sample.type)

        #expect(sample.media(original).count > 100)
        #expect(sample.media(copy) == sample.media(original))
    }

    @Test(arguments: LocatedSample.all)
    func `a copy is whole, and looks as the original does`(_ sample: LocatedSample) throws {
        let original = try sample.bytes
        let before = try FileProbe(player: .libav()).report(on: try .sealing(original))

        let after = try FileProbe(player: .libav()).report(on: try .sealing(try copy(of: original, type: sample.type)))

        #expect(after.mimeType == before.mimeType)
        #expect(after.wholeness == before.wholeness)
        #expect(!after.media.hasLocation)
        #expect(after.device == nil)
        #expect(after.media.orientation == before.media.orientation)
        #expect(after.media.width == before.media.width)
        #expect(after.media.duration == before.media.duration)
        #expect(after.media.codecs == before.media.codecs)
    }

    @Test(arguments: LocatedSample.all)
    func `a copy of a copy is the same again`(_ sample: LocatedSample) throws {
        let once = try copy(of: try sample.bytes, type: sample.type)

        #expect(try copy(of: once, type: sample.type) == once)
    }

    @Test(
        arguments: [
            ("photo.jpg", "image/jpeg"), ("drawing.png", "image/png"), ("clip.mov", "video/quicktime"),
            ("clip.3gp", "video/3gpp"), ("clip.webm", "video/webm"), ("video.mp4", "video/mp4"),
            ("voice.m4a", "audio/mp4"),
            ("photo.heic", "image/heic"),
        ] as [(String, MediaType)])
    func `what people send can be copied`(_ file: String, _ type: MediaType) throws {
        let original = try Samples.bytes(file)

        let copy = try copy(of: original, type: type)

        #expect(copy.count > original.count / 2)
    }

    @Test func `a photo stays turned`() throws {
        let copy = try copy(of: try Samples.bytes("located/photo.jpg"), type: "image/jpeg")

        #expect(try FileProbe(player: .libav()).report(on: try .sealing(copy)).media.orientation == 6)
    }

    @Test func `the clip of a motion photo goes`() throws {
        let photo = try copy(of: try Samples.bytes("located/photo.jpg"), type: "image/jpeg")

        let motion = try copy(of: try Samples.bytes("located/motion.jpg"), type: "image/jpeg")

        #expect(motion == photo)
    }

    @Test func `films keep every byte at its place`() throws {
        for sample in LocatedSample.all where sample.type.type == "video" || sample.file.hasSuffix("heic") {
            let original = try sample.bytes
            #expect(try copy(of: original, type: sample.type).count == original.count)
        }
    }

    @Test func `a photo that is cut short has no copy`() throws {
        #expect(throws: StrippingError.notUnderstood("no end of image")) {
            try copy(of: try Samples.bytes("cut-short.jpg"), type: "image/jpeg")
        }
    }

    @Test func `fragments of other tracks than picture and sound have no copy`() throws {
        let film = try Samples.bytes("located/fragments.mp4").replacing(Array("vide".utf8), with: Array("meta".utf8))

        #expect(throws: StrippingError.notUnderstood("a fragment of an unknown track")) {
            try copy(of: film, type: "video/mp4")
        }
    }

    @Test func `a film whose data is in another file has no copy`() throws {
        let film = try Samples.bytes("located/clip.mov")
            .replacing(Array("url \0\0\0\u{1}".utf8), with: Array("url \0\0\0\0".utf8))

        #expect(throws: StrippingError.notUnderstood("data that is in another file")) {
            try copy(of: film, type: "video/quicktime")
        }
    }

    @Test func `no sample of a track of positions stays`() throws {
        let copy = try copy(of: try Samples.bytes("located/positions.mp4"), type: "video/mp4")

        #expect(Media.box("mdat", copy).suffix(92).allSatisfy { $0 == 0 })
        #expect(Media.box("mdat", copy).count == Media.box("mdat", try Samples.bytes("located/positions.mp4")).count)
    }

    @Test(arguments: ["application/pdf", "text/plain", "audio/mpeg"] as [MediaType])
    func `other types have no copy`(_ type: MediaType) throws {
        #expect(!LocationFreeCopy.canBeMade(of: type))
        #expect(throws: StrippingError.unsupportedType) {
            try copy(of: try Samples.bytes("letter.pdf"), type: type)
        }
    }

    @Test(arguments: LocatedSample.all)
    func `a damaged file has no copy, or one that tells nothing`(_ sample: LocatedSample) throws {
        let original = try sample.bytes
        var generator = SeededGenerator(seed: UInt64(original.count))
        for round in 0..<250 {
            let damaged = generator.damaged(original)

            let copy = try? copy(of: damaged, type: sample.type)

            #expect(copy?.secrets() ?? [] == [], "round \(round)")
        }
    }
}
