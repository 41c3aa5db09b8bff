import Artefacts
import Foundation
import Linking
import Storing
import SystemPackage
import TestSupport
import Testing

/// What is made of originals, so that people can see and hear them.
@Suite(.serialized) struct DerivativeTests {
    private let folder: TemporaryDirectory
    private let storage: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        storage = folder.path.appending("store")
    }

    private func rendering() async throws -> DaemonProcess {
        try await DaemonProcess(storage: storage, environment: DaemonProcess.withRenderer)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            ("photo.jpg", ["poster", "thumbnail"]), ("drawing.png", ["poster", "thumbnail"]),
            ("photo.heic", ["poster", "preview", "thumbnail"]),
            ("voice.m4a", ["waveform", "waveformPicture"]),
            ("voice.amr", ["preview", "waveform", "waveformPicture"]), ("video.mp4", ["poster", "thumbnail"]),
            ("clip.3gp", ["poster", "preview", "thumbnail"]), ("letter.pdf", ["poster", "thumbnail"]),
            ("formats/painting.procreate", ["poster", "thumbnail"]), ("formats/letter.pages", ["poster", "thumbnail"]),
            ("texts/letter.msg", ["text"]),
        ])
    func `what people need to see or hear it appears after an upload`(_ name: String, _ kinds: [String]) async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes(name), named: name, to: child)
        try await daemon.jobsAreDone()

        let artefact = try await daemon.client.get(try #require(added["artefact.href"]))
        let made = (0..<max(0, artefact.count("derivatives"))).map { "derivatives.\($0)." }

        #expect(Set(made.compactMap { artefact[$0 + "kind"] }).isSuperset(of: kinds))
        for path in made {
            let derivative = try await daemon.client.get(try #require(artefact[path + "href"]))
            #expect(derivative.status == 200)
            #expect(derivative.body.count == artefact[path + "size"].flatMap { Int($0) })
            #expect(derivative.headers["content-type"]?.hasPrefix(try #require(artefact[path + "mimeType"])) == true)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a derivative is given out as an original is: by parts, conditions and digests, and running nothing`()
        async throws
    {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("voice.amr"), named: "v.amr", to: child)
        let href = try #require(added["artefact.href"]) + "/derivatives/"
        try await daemon.jobsAreDone()

        let whole = try await daemon.client.get(href + "preview")
        let tag = try #require(whole.headers["etag"])
        let part = try await daemon.client.get(href + "preview", headers: ["Range": "bytes=10-19"])
        let known = try await daemon.client.get(href + "preview", headers: ["If-None-Match": tag])
        let head = try await daemon.client.send("HEAD", href + "preview")
        let none = try await daemon.client.get(href + "thumbnail")
        let unknown = try await daemon.client.get(href + "colour")

        #expect(whole.headers["content-type"] == "audio/mp4")
        #expect(whole.headers["content-disposition"] == "inline")
        #expect(whole.headers["x-content-type-options"] == "nosniff")
        #expect(whole.headers["content-security-policy"] == "sandbox; default-src 'none'")
        #expect(whole.headers["cache-control"]?.contains("private") == true)
        #expect(whole.headers["repr-digest"] != nil)
        #expect(part.status == 206)
        #expect(part.body == Array(whole.body[10..<20]))
        #expect(known.status == 304)
        #expect(head.headers["content-length"] == String(whole.body.count))
        #expect(none.status == 404)
        #expect(none["type"] == "/problems/no-preview")
        #expect(unknown.status == 404)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a daemon that is killed while derivatives are made makes them when it is started again`() async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        try await daemon.haltRenderer()
        let added = try await daemon.client.add(try Samples.bytes("clip.3gp"), named: "c.3gp", to: child)
        let href = try #require(added["artefact.href"])
        try await running(of: daemon)

        let pending = try await daemon.client.get(href + "/derivatives/thumbnail")
        daemon.stop(SIGKILL)
        let again = try await rendering()
        try await again.jobsAreDone()
        let preview = try await again.client.get(href + "/derivatives/preview")

        #expect(pending.status == 409)
        #expect(pending["type"] == "/problems/preview-not-ready")
        #expect(pending.headers["retry-after"] != nil)
        #expect(again.log.contains("jobs that were interrupted go on"))
        #expect(preview.status == 200)
        let left = try FileManager.default.contentsOfDirectory(atPath: storage.appending("uploads").string)
        #expect(left.isEmpty)
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["pwrite64", "fdatasync", "fchmod", "rename", "fsync"])
    func `killed at any step of keeping a derivative, the daemon makes it once more, and nothing is left over`(
        _ call: String
    ) async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let renderer = try await daemon.haltRenderer()
        let added = try await daemon.client.add(try Samples.bytes("photo.heic"), named: "p.heic", to: child)
        let href = try #require(added["artefact.href"])
        try await running(of: daemon)

        let tracer = try Tracer(of: daemon.identifier, at: call, nth: 1, "signal=SIGKILL")
        kill(renderer, SIGCONT)
        let isGone = try await daemon.isGoneSoon
        daemon.stop(SIGKILL)
        tracer.stop()
        let again = try await rendering()
        try await again.jobsAreDone()
        let made = try await again.client.get(href)
        let left = try FileManager.default.contentsOfDirectory(atPath: storage.appending("uploads").string)
        again.stop(SIGTERM)
        _ = try await keepsake(["gc", "--grace-hours", "0"])
        let verified = try await keepsake(["verify"])

        #expect(isGone, "each of these calls is made before a derivative is kept")
        #expect(made.count("derivatives") == 3)
        #expect(left.isEmpty)
        #expect(verified.status == 0, "\(verified.output)")
        // The original, its preview, and one picture: it is small enough to be its own thumbnail.
        #expect(try storage.blobs().count == 3)
    }

    @Test(.timeLimit(.minutes(5)))
    func `nobody's picture waits behind a long recording`() async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let voice = try Samples.bytes("voice.amr")
        // Six bytes begin an AMR file, and frames follow: this is over an hour of them (RFC 4867, section 5).
        let long = voice[..<6] + Array(repeating: Array(voice[6...]), count: 1500).joined()
        _ = try await daemon.client.add(Array(long), named: "long.amr", to: child)
        while try await !keepsake(["jobs"]).output.contains("convert: 0 waiting, 1 running") {
            try await Task.sleep(for: .milliseconds(20))
        }

        let added = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let href = try #require(added["artefact.href"]) + "/derivatives/thumbnail"
        while try await daemon.client.get(href).status == 409 { try await Task.sleep(for: .milliseconds(20)) }
        let jobs = try await keepsake(["jobs"])
        let thumbnail = try await daemon.client.get(href)

        #expect(thumbnail.status == 200)
        #expect(jobs.output.contains("convert: 0 waiting, 1 running"))
        #expect(daemon.stop(SIGTERM) == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a daemon that is told to stop while derivatives are made stops at once, and counts no attempt`() async throws
    {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        try await daemon.haltRenderer()
        _ = try await daemon.client.add(try Samples.bytes("clip.3gp"), named: "c.3gp", to: child)
        try await running(of: daemon)

        let status = daemon.stop(SIGTERM)
        let jobs = try await SQLiteCatalogue(path: storage.appending("index.sqlite").string).jobs(limit: 10)

        #expect(status == 0)
        #expect(jobs.map(\.attempts) == [0])
        #expect(jobs.first?.problem == nil)
    }

    @Test(.timeLimit(.minutes(5)))
    func `derivatives are made anew beside a running daemon, and what they replace is collected`() async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let id = try #require(added["artefact.id"])
        try await daemon.jobsAreDone()
        let before = try storage.blobs()
        let poster = try #require(added["artefact.href"]) + "/derivatives/poster"
        let new = try await daemon.client.get(poster)
        // As an older version made it.
        try await keep("an old picture", as: .poster, "image/png", of: id)
        let old = try await daemon.client.get(poster)

        let asked = try await keepsake(["derive", id])
        try await daemon.jobsAreDone()
        let all = try await keepsake(["derive", "--all"])
        try await daemon.jobsAreDone()
        let again = try await daemon.client.get(poster)
        let unknown = try await keepsake(["derive", "\(ArtefactID())"])
        let nonsense = try await keepsake(["derive", "x"])
        daemon.stop(SIGTERM)
        let collected = try await keepsake(["gc", "--grace-hours", "0"])

        #expect(asked.output.contains("of 1 artefacts"))
        #expect(all.output.contains("of 1 artefacts"))
        #expect(unknown.status == 1)
        #expect(nonsense.status == 64)
        #expect(old.text == "an old picture")
        #expect(again.body == new.body)
        #expect(collected.output.hasPrefix("sha256:"))
        #expect(try storage.blobs() == before)
    }

    @Test(.timeLimit(.minutes(5)))
    func `damaged derivatives are not given out, and made again`() async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let href = try #require(added["artefact.href"]) + "/derivatives/"
        try await daemon.jobsAreDone()
        let before = try await daemon.client.get(href + "poster")
        let original = try #require(added["artefact.digest"]).suffix(64)
        let derived = try storage.blobs().filter { !$0.string.hasSuffix(original) }
        for path in derived { try path.change { $0.removeLast(10) } }
        let read = try await daemon.client.get(href + "poster")
        try await daemon.jobsAreDone()
        let restored = try await daemon.client.get(href + "poster")
        for path in derived { try path.change { $0[200] ^= 1 } }

        let verified = try await keepsake(["verify"])
        try await daemon.jobsAreDone()
        let after = try await daemon.client.get(href + "poster")
        let again = try await keepsake(["verify", "--again"])

        #expect(before.status == 200)
        #expect(read.status == 409)
        #expect(read["type"] == "/problems/preview-not-ready")
        #expect(restored.body == before.body)
        #expect(verified.status == 1)
        #expect(after.body == before.body)
        #expect(again.status == 0, "\(again.output)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `one line of the journal is a reader's look at an artefact within a minute`() async throws {
        let daemon = try await rendering()
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let href = try #require(added["artefact.href"]) + "/derivatives/"
        let other = daemon.client.with(token: try await daemon.token(["--role", "worker", "--name", "second"]))
        try await daemon.jobsAreDone()

        for _ in 0..<3 { for kind in ["thumbnail", "poster"] { _ = try await daemon.client.get(href + kind) } }
        _ = try await other.get(href + "thumbnail")
        let journal = try await index.journal(after: 0, limit: 1000).map(\.event)

        #expect(journal.filter { $0.act == .derivativeRead }.count == 2)
        #expect(journal.filter { $0.act == .derivativeRead }.allSatisfy { $0.child.map { "\($0)" } == child })
        #expect(
            journal.filter { $0.act == .artefactDerived }.map(\.subject) == [
                added["artefact.id"], added["artefact.id"],
            ])
    }

    @Test(.timeLimit(.minutes(5)))
    func `a child's credential gets no bytes that tell where they were made, and no other child's`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let (amira, ben) = (try await daemon.client.addChild("Amira"), try await daemon.client.addChild("Ben"))
        let child = daemon.client.with(token: try await daemon.token(["--role", "child", "--child", amira]))
        let system = daemon.client.with(token: try await daemon.token(["--role", "system"]))
        let photo = try Samples.bytes("photo.jpg")
        let own = try await daemon.client.add(photo, named: "p.jpg", to: amira)
        let foreign = try await daemon.client.add(photo, named: "p.jpg", to: ben)
        let (href, id) = (try #require(own["artefact.href"]), try #require(own["artefact.id"]))
        try await keep("a small picture", as: .thumbnail, "image/png", of: id)
        try await keep("his picture", as: .thumbnail, "image/png", of: try #require(foreign["artefact.id"]))

        let pending = try await child.get(href + "/content")
        let page = try await child.get("/children/\(amira)")
        try await noMore(id)
        let none = try await child.get(href + "/content")
        let picture = try await child.get(href + "/derivatives/thumbnail")
        try await keep("a photo of nowhere", as: .withoutLocation, "image/jpeg", of: id)
        let copy = try await child.get(href + "/content")
        let part = try await child.get(href + "/content", headers: ["Range": "bytes=2-6"])
        let withCopy = try await child.get("/children/\(amira)")
        let hidden = try #require(foreign["artefact.href"])

        #expect(pending.status == 409)
        #expect(pending["type"] == "/problems/copy-not-ready")
        #expect(pending.headers["retry-after"] != nil)
        #expect(!page.text.contains("\(id)/content"))
        #expect(page.text.contains("\(id)/derivatives/thumbnail"))
        #expect(none.status == 409)
        #expect(none["type"] == "/problems/no-copy")
        #expect(picture.text == "a small picture")
        #expect(copy.text == "a photo of nowhere")
        #expect(copy.headers["etag"] == "\"\(Digester.digest(of: "a photo of nowhere".utf8))\"")
        #expect(copy.headers["content-length"] == "18")
        #expect(copy.headers["content-type"] == "image/jpeg")
        #expect(copy.headers["content-disposition"]?.contains("p.jpg") == true)
        #expect(part.text == "photo")
        #expect(withCopy.text.contains("\(id)/content"))
        for reader in [daemon.client, system] { #expect(try await reader.get(href + "/content").body == photo) }
        for path in ["/derivatives/thumbnail", "/content"] { #expect(try await child.get(hidden + path).status == 404) }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an operator sees what waits and what was given up, and has it tried again`() async throws {
        let daemon = try await DaemonProcess(storage: storage)
        let child = try await daemon.client.addChild()
        let added = try await daemon.client.add(try Samples.bytes("drawing.png"), named: "d.png", to: child)
        let id = try #require(added["artefact.id"])
        let system = daemon.client.with(token: try await daemon.token(["--role", "system"]))
        while try await !keepsake(["jobs"]).output.contains("could not be started") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let waiting = try await keepsake(["jobs", "--json"])
        let job = try #require(try await index.jobs(limit: 1).first)
        try await index.end(job, .failed(at: Date(), problem: "it took too long"))

        let failed = try await keepsake(["jobs"])
        let metrics = try await system.get("/metrics")
        let none = try await daemon.client.get(try #require(added["artefact.href"]) + "/derivatives/poster")
        let retried = try await keepsake(["jobs", "retry", id])
        let nothing = try await keepsake(["jobs", "retry", id])
        let all = try await keepsake(["jobs", "retry", "--failed"])
        let neither = try await keepsake(["jobs", "retry"])

        #expect(waiting.status == 0)
        #expect(waiting.output.contains(#""problem":"the program for it could not be started""#))
        #expect(failed.status == 1)
        #expect(failed.output.contains("failed  derive  \(id)"))
        #expect(failed.output.contains("it took too long"))
        #expect(failed.output.contains("derive: 0 waiting, 0 running, 1 failed"))
        #expect(metrics.text.contains("\nkeepsake_jobs_failed{task=\"derive\"} 1\n"))
        #expect(metrics.text.contains("\nkeepsake_jobs_waiting{task=\"derive\"} 0\n"))
        #expect(none.status == 404)
        #expect(retried.output == "1 jobs are tried again.\n")
        #expect(nothing.status == 1)
        #expect(all.output == "0 jobs are tried again.\n")
        #expect(neither.status == 64)
    }

    private var index: SQLiteCatalogue {
        get throws { try SQLiteCatalogue(path: storage.appending("index.sqlite").string) }
    }

    /// Puts something in the place of what the renderer makes.
    private func keep(_ text: String, as kind: DerivativeKind, _ type: MediaType, of id: String) async throws {
        let keyring = try KeyFolder(of: storage, source: .file(nil)).open()
        let digest = Digester.digest(of: text.utf8)
        let staged = try folder.sealed("staged", text.utf8, with: keyring)
        try await DirectoryBlobStore(root: storage.appending("blobs"), keyring: keyring)
            .adopt(staged, as: digest, size: Int64(text.utf8.count))
        let made = Derivative(kind: kind, digest: digest, mimeType: type, size: Int64(text.utf8.count))
        try await index.keep(
            DerivativeOutcome(.made(made), at: Date()), of: try #require(ArtefactID(parsing: id)),
            journalling: .byDaemon(.artefactDerived, id))
    }

    /// Ends the jobs of an artefact.
    private func noMore(_ id: String) async throws {
        for job in try await index.jobs(limit: 10) where "\(job.artefact)" == id {
            try await index.end(job, .done(tools: [:]))
        }
    }

    private func running(of daemon: DaemonProcess) async throws {
        while try await !keepsake(["jobs"]).output.contains("derive: 0 waiting, 1 running") {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func keepsake(_ arguments: [String]) async throws -> Command {
        try await Command.run(BuildProducts.path(of: "keepsake"), arguments + ["--storage", storage.string])
    }
}

extension DaemonProcess {
    /// Stops its renderer, so that it takes no work and says nothing; answers its identifier.
    @discardableResult
    func haltRenderer() async throws -> Int32 {
        let program = BuildProducts.path(of: "keepsake-renderer").string
        let renderer = try await Processes.wait { Processes.descendants(of: identifier, startedAs: program).first }
        kill(renderer, SIGSTOP)
        return renderer
    }
}
