import Artefacts
import InspectionWire
import Testing

@testable import Inspecting

@Suite struct RenderFrameTests {
    private let frames: [RenderFrame] = [
        .began(.thumbnail, "image/webp"), .bytes([1, 2, 3]), .ended, .failed(.preview, reason: "too long"),
        .began(.poster, "image/jpeg"), .bytes([UInt8](repeating: 7, count: RenderFrame.maximumPieceSize)),
        .failed(.poster, reason: "no"), .finished(tools: ["libvips": "8.14"]),
    ]

    @Test(arguments: [1, 2, 3, 5, 6, 4096, 1 << 20])
    func `frames come out as they went in, wherever the stream is cut`(_ size: Int) throws {
        let stream = try frames.flatMap { try $0.encoded() }
        var decoder = RenderFrameDecoder()
        var found: [RenderFrame] = []

        for start in stride(from: 0, to: stream.count, by: size) {
            decoder.take(stream[start..<min(start + size, stream.count)])
            while let frame = try decoder.next() { found.append(frame) }
        }

        #expect(found == frames)
    }

    @Test(
        arguments: [
            [0x00], [0x51, 0, 0, 0, 0], [0x50, 0, 1, 0, 1], [0x50, 0xFF, 0xFF, 0xFF, 0xFF], [0x50, 0, 0, 0, 0],
            [0x45, 0, 0, 0, 1], [0x42, 0, 0, 0x10, 1], [0x42, 0, 0, 0, 2, 0x7B, 0x7D], [0x5A, 0, 0, 0, 1, 0x5B],
        ] as [[UInt8]])
    func `what is no frame is refused, as soon as that is known`(_ bytes: [UInt8]) throws {
        var decoder = RenderFrameDecoder()
        decoder.take(bytes)

        #expect(throws: InspectionWireError.self) { try decoder.next() }
    }

    @Test func `more than fits into a frame is not sent`() {
        #expect(throws: InspectionWireError.self) {
            try RenderFrame.bytes([UInt8](repeating: 0, count: RenderFrame.maximumPieceSize + 1)).encoded()
        }
        #expect(throws: InspectionWireError.self) {
            try RenderFrame.failed(.text, reason: String(repeating: "x", count: 5000)).encoded()
        }
    }

    struct Story: Sendable, CustomTestStringConvertible {
        let name: String
        let frames: [RenderFrame]
        var testDescription: String { name }
    }

    @Test(
        arguments: [
            Story(name: "a kind that nobody asked for", frames: [.began(.text, "text/plain")]),
            Story(name: "the same kind twice", frames: whole(.thumbnail) + whole(.thumbnail)),
            Story(name: "bytes of nothing", frames: [.bytes([1])]),
            Story(name: "an end of nothing", frames: [.ended]),
            Story(name: "a derivative without a byte", frames: [.began(.thumbnail, "image/webp"), .ended]),
            Story(name: "two at once", frames: [.began(.thumbnail, "image/webp"), .began(.preview, "image/jpeg")]),
            Story(
                name: "the failure of another",
                frames: [.began(.thumbnail, "image/webp"), .failed(.preview, reason: "no")]),
            Story(name: "an end before everything was tried", frames: whole(.thumbnail) + [.finished(tools: [:])]),
            Story(
                name: "more after the end",
                frames: whole(.thumbnail) + whole(.preview) + [.finished(tools: [:]), .ended]),
            Story(
                name: "more bytes than a thumbnail can have",
                frames: [.began(.thumbnail, "image/webp")]
                    + [RenderFrame](
                        repeating: .bytes([UInt8](repeating: 0, count: RenderFrame.maximumPieceSize)), count: 321)),
        ])
    func `a story that makes no sense is nonsense`(_ story: Story) throws {
        var progress = RenderProgress(order)

        #expect(throws: InspectionFailure.nonsense) {
            for frame in story.frames { _ = try progress.take(frame) }
        }
    }

    @Test func `a sensible story is told on`() throws {
        var progress = RenderProgress(order)
        let frames = Self.whole(.preview) + [.failed(.thumbnail, reason: "no"), .finished(tools: [:])]

        let events = try frames.compactMap { try progress.take($0) }

        #expect(events == [.began(.preview, "image/jpeg"), .bytes([1]), .ended, .failed(.thumbnail, reason: "no")])
        #expect(progress.isFinished)
    }

    private let order = RenderOrder(mimeType: "image/heic", kinds: [.thumbnail, .preview], media: Media())

    private static func whole(_ kind: DerivativeKind) -> [RenderFrame] {
        [.began(kind, "image/jpeg"), .bytes([1]), .ended]
    }
}
