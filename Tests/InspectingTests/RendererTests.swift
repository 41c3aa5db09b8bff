import Artefacts
import Foundation
import InspectionWire
import Sealing
import SystemPackage
import TestSupport
import Testing

@testable import Inspecting

/// The real renderer, asked as the daemon asks it.
@Suite(.timeLimit(.minutes(5))) struct RendererTests {
    private let folder: TemporaryDirectory
    private let keyring = Keyring.forTests()

    init() throws { folder = try TemporaryDirectory() }

    struct Wanted: Sendable, CustomTestStringConvertible {
        let file: String
        let type: MediaType
        var codecs: [String] = []
        var testDescription: String { file }
    }

    @Test(
        arguments: [
            Wanted(file: "photo.jpg", type: "image/jpeg"), Wanted(file: "photo.heic", type: "image/heic"),
            Wanted(file: "scan.tiff", type: "image/tiff"), Wanted(file: "letter.pdf", type: "application/pdf"),
            Wanted(file: "voice.amr", type: "audio/amr", codecs: ["amr_nb"]),
            Wanted(file: "voice.opus", type: "audio/ogg", codecs: ["opus"]),
            Wanted(file: "clip.3gp", type: "video/3gpp", codecs: ["h263", "amr_nb"]),
            Wanted(file: "clip.mov", type: "video/quicktime", codecs: ["h264", "aac"]),
            Wanted(file: "upright.mov", type: "video/quicktime", codecs: ["hevc", "aac"]),
            Wanted(file: "clip.webm", type: "video/webm", codecs: ["vp8", "opus"]),
        ])
    func `behind all walls, what is planned for a sample is made, and always the same`(_ wanted: Wanted) async throws {
        let kinds = DerivativePlan.kinds(for: wanted.type, media: Media(codecs: wanted.codecs)).filter { $0 != .text }
        let order = RenderOrder(mimeType: wanted.type, kinds: kinds, media: Media(codecs: wanted.codecs))

        let renderer = renderer()
        let file = try sealed(wanted.file)
        var (once, again) = ([RenderEvent](), [RenderEvent]())
        for try await event in renderer.render(file, order) { once.append(event) }
        for try await event in renderer.render(file, order) { again.append(event) }

        let begun = once.compactMap { if case .began(let kind, _) = $0 { kind } else { nil } }
        #expect(begun == kinds)
        #expect(once.count { $0 == .ended } == kinds.count)
        // A failure would otherwise print every byte.
        let isSame = once == again
        #expect(isSame)
    }

    @Test func `a slow reader gets the same bytes`() async throws {
        let order = RenderOrder(mimeType: "image/tiff", kinds: [.preview, .thumbnail], media: Media())
        let renderer = renderer()
        let file = try sealed("scan.tiff")

        var (fast, slow) = ([RenderEvent](), [RenderEvent]())
        for try await event in renderer.render(file, order) { fast.append(event) }
        for try await event in renderer.render(file, order) {
            try await Task.sleep(for: .milliseconds(20))
            slow.append(event)
        }

        let isSame = fast == slow
        #expect(isSame)
        #expect(fast.count >= 6)
    }

    @Test func `one that crashes fails with that reason, and the next is made`() async throws {
        let observed = try ObservedInspector.halting(program: "keepsake-renderer")
        let renderer = Renderer(executable: observed.program, keyring: observed.keyring)
        let drawing = try observed.sealed("drawing.png")

        async let first = events(renderer, drawing)
        kill(try await observed.inspections(count: 1)[0], SIGKILL)
        let failed = await first
        async let second = events(renderer, drawing)
        try await observed.letGoOn(try await observed.inspections(count: 1)[0])
        let made = await second

        #expect(throws: InspectionFailure.stopped) { try failed.get() }
        #expect(try made.get().last == .ended)
    }

    @Test func `work that nobody waits for any more is ended`() async throws {
        let observed = try ObservedInspector.halting(program: "keepsake-renderer")
        let renderer = Renderer(executable: observed.program, keyring: observed.keyring)
        let drawing = try observed.sealed("drawing.png")

        let process = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await events(renderer, drawing) }
            defer { group.cancelAll() }
            return try await observed.inspections(count: 1)[0]
        }

        try await Processes.end(of: process)
    }

    @Test func `a part that is read no further ends the work, and gives its place to the next`() async throws {
        let renderer = Renderer(executable: BuildProducts.path(of: "keepsake-renderer"), keyring: keyring)
        let drawing = try sealed("drawing.png")

        for try await event in renderer.render(drawing, Self.thumbnail) {
            #expect(event == .began(.thumbnail, "image/webp"))
            break
        }

        #expect(try await events(renderer, drawing).get().last == .ended)
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        let program: String
        let failure: InspectionFailure
        var timeLimit: Duration = .seconds(30)
        var testDescription: String { program }
    }

    @Test(
        arguments: [
            Trouble(program: "#!/bin/sh\nkill -SEGV $$", failure: .stopped),
            Trouble(program: "not a program", failure: .notStarted),
            Trouble(program: answering("pass"), failure: .stopped),
            Trouble(program: answering("end.send(b'nonsense')"), failure: .nonsense),
            Trouble(program: answering("end.send(b'E' + bytes(4))"), failure: .nonsense),
            Trouble(program: answering("end.send(b'Z\\0\\0\\0\\2{}')"), failure: .nonsense),
            Trouble(program: answering("time.sleep(600)"), failure: .timedOut, timeLimit: .seconds(1)),
            Trouble(program: "#!/bin/sh\nexec sleep 600", failure: .timedOut, timeLimit: .seconds(1)),
        ])
    func `a renderer in trouble fails with the reason`(_ trouble: Trouble) async throws {
        let program = try folder.program("renderer", trouble.program)
        let renderer = Renderer(executable: program, keyring: keyring, timeLimit: trouble.timeLimit)

        let result = await events(renderer, try sealed("drawing.png"))

        #expect(throws: trouble.failure) { try result.get() }
    }

    private static let thumbnail = RenderOrder(mimeType: "image/png", kinds: [.thumbnail], media: Media())

    private func events(_ renderer: Renderer, _ file: FilePath) async -> Result<[RenderEvent], any Error> {
        do {
            var events: [RenderEvent] = []
            for try await event in renderer.render(file, Self.thumbnail) { events.append(event) }
            return .success(events)
        } catch {
            return .failure(error)
        }
    }

    private func renderer() -> Renderer {
        Renderer(executable: BuildProducts.path(of: "keepsake-renderer"), keyring: keyring)
    }

    private func sealed(_ name: String) throws -> FilePath {
        try folder.sealed("sealed-\(name)", try Samples.bytes(name), with: keyring)
    }

    /// A program that takes one request as the renderer does, and then does something else with its answer's `end`.
    private static func answering(_ action: String) -> String {
        """
        #!/usr/bin/python3
        import socket, time
        control = socket.socket(fileno=0)
        _, files, _, _ = socket.recv_fds(control, 8192, 2)
        end = socket.socket(fileno=files[1])
        \(action)
        """
    }
}
