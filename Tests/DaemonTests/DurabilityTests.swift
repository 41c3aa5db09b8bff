import Foundation
import SystemPackage
import TestSupport
import Testing

/// What reaches the disk before the daemon says yes, counted in system calls.
@Suite(.serialized) struct DurabilityTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test(.timeLimit(.minutes(5)))
    func `one small upload is synced as often as needed, in order, before it is acknowledged`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()
        // The folders of the blob's digest are made now, and its place on the disk is warm.
        let bytes = try Samples.bytes("letter.txt")
        #expect(try await daemon.client.add(bytes, named: "first.txt", to: child).status == 201)
        try await daemon.recordsAreWritten()

        let trace = try Trace(of: daemon, in: folder.path)
        let added = try await daemon.client.add(bytes, named: "second.txt", to: child)
        let calls = try trace.stop()

        #expect(added.status == 201)
        let answer = try #require(calls.firstIndex { $0.contains("HTTP/1.1 201") })
        let before = calls[..<answer].filter { !$0.contains("records/") }
        let steps = before.compactMap { call -> String? in
            if call.contains("fdatasync(") && call.contains(".spool") { return "sync spool" }
            if call.contains("rename(") && call.contains(".spool") { return "rename to blob" }
            if call.contains("fsync(") && call.contains("/blobs/") { return "sync folder of blob" }
            if call.contains("fdatasync(") && call.contains("index.sqlite-wal") { return "sync index" }
            return call.contains("sync(") ? call : nil
        }
        #expect(
            steps.withoutRecordKeeping("sync index")
                == ["sync spool", "rename to blob", "sync folder of blob", "sync index"], "\(before)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `the folders of a blob are each synced into their parent once, before the blob is moved there`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()

        let trace = try Trace(of: daemon, in: folder.path)
        let added = try await daemon.client.add(try Samples.bytes("letter.txt"), named: "first.txt", to: child)
        let calls = try trace.stop()

        #expect(added.status == 201)
        let answer = try #require(calls.firstIndex { $0.contains("HTTP/1.1 201") })
        let steps = calls[..<answer].compactMap { call -> String? in
            if call.contains("rename(") && call.contains(".spool") { return "rename" }
            guard call.contains("fsync("), let place = call.firstRange(of: "/blobs/") else { return nil }
            return "sync folder \(call[place.upperBound...].split(separator: "/").count)"
        }
        #expect(steps == ["sync folder 1", "sync folder 2", "rename", "sync folder 3"], "\(calls)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `of files that come in a rush each keeps a name on stable storage`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()
        let client = daemon.client

        let trace = try Trace(of: daemon, in: folder.path)
        let statuses = try await withThrowingTaskGroup { group in
            for number in 0..<64 {
                group.addTask { try await client.add(Array("letter \(number)".utf8), named: "a.txt", to: child).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let gathered = daemon.storage.appending("blobs").appending("new").string
        while try !FileManager.default.contentsOfDirectory(atPath: gathered).isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        let calls = try trace.stop()

        #expect(statuses == [Int](repeating: 201, count: 64))
        // How many files are answered, and how many have a name whose folder was synced since it was given.
        var (answered, named, unsynced) = (0, 0, [String: Int]())
        for call in calls {
            if call.contains(" rename("), call.contains(".spool") {
                unsynced[String(FilePath(call.quoted[1]).removingLastComponent().string), default: 0] += 1
            } else if call.contains(" fsync("), let folder = call.descriptorPath {
                named += unsynced.removeValue(forKey: folder) ?? 0
            } else if call.contains("HTTP/1.1 201") {
                answered += 1
                #expect(answered <= named)
            }
        }
        #expect(answered == 64)
        // A name is taken away only where there is another, whose folder was synced since it was given.
        for (index, call) in calls.enumerated() where call.contains(" unlink(") && call.contains("/blobs/new/") {
            // Whoever inspects the file may ask for the same link, and is told that it is there.
            let linked = try #require(
                calls[..<index].firstIndex { $0.contains(" link(") && $0.quoted.first == call.quoted.first })
            let place = FilePath(calls[linked].quoted[1]).removingLastComponent().string
            #expect(calls[linked..<index].contains { $0.contains(" fsync(") && $0.descriptorPath == place })
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a resumable upload is synced as often as needed at each of its steps`() async throws {
        let daemon = try await DaemonProcess(storage: folder.path.appending("store"))
        let child = try await daemon.client.addChild()
        let bytes = try Samples.bytes("letter.txt")
        #expect(try await daemon.client.add(bytes, named: "first.txt", to: child).status == 201)
        try await daemon.recordsAreWritten()

        let trace = try Trace(of: daemon, in: folder.path)
        let url = try #require(try await daemon.client.begin(bytes.count, to: child, name: "a.txt").headers["location"])
        let half = try await daemon.client.patch(url, at: 0, Array(bytes[..<10]))
        let whole = try await daemon.client.patch(url, at: 10, Array(bytes[10...]))
        let calls = try trace.stop()

        #expect(half.status == 204)
        #expect(whole.status == 204)
        let acknowledged = calls.filter { !$0.contains("records/") }.split { $0.contains("HTTP/1.1 20") }
        let steps = zip(acknowledged.prefix(3), [1, 0, 1]).map { calls, links in
            calls.compactMap { call -> String? in
                guard call.contains("sync(") else { return nil }
                for (part, name) in [
                    (".spool", "spool"), (".upload.new", "log"), (".upload", "log"), ("/uploads", "folder"),
                    ("/blobs/", "folder of blob"), ("index.sqlite-wal", "index"),
                ] where call.contains(part) { return name }
                return call
            }.withoutRecordKeeping("index", expecting: links)
        }
        #expect(
            steps == [
                // Declared: the log beside its name, the folder, and that it was begun in the journal.
                ["log", "folder", "index"],
                // Ten bytes: the header of the spool, and the bytes in the log.
                ["spool", "log"],
                // The rest: segment and end mark, that all is there, the blob in its folder, the link.
                ["spool", "log", "folder of blob", "index"],
            ], "\(calls)")
    }
}

extension [String] {
    /// The daemon notes in the index which records it wrote, once in a second and
    /// for itself: one such sync may fall between the steps, and none after the last.
    fileprivate func withoutRecordKeeping(_ sync: String, expecting count: Int = 1) -> [String] {
        guard self.count(where: { $0 == sync }) == count + 1, let stray = firstIndex(of: sync) else { return self }
        var steps = self
        steps.remove(at: stray)
        return steps
    }
}

extension String {
    /// What stands in quotation marks: of a call, its paths.
    fileprivate var quoted: [String] {
        split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }

    /// Where the descriptor leads to that a call is made with.
    fileprivate var descriptorPath: String? {
        guard let start = firstIndex(of: "<"), let end = firstIndex(of: ">") else { return nil }
        return String(self[index(after: start)..<end])
    }
}

/// The system calls of a daemon that change the disk, and its answers, in order.
private final class Trace {
    private let process = Process()
    private let file: FilePath
    private let daemon: DaemonProcess

    init(of daemon: DaemonProcess, in folder: FilePath) throws {
        self.daemon = daemon
        file = folder.appending("trace")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
        process.arguments = [
            "-f", "-y", "-s", "40", "-o", file.string, "-e",
            "trace=fsync,fdatasync,sync_file_range,rename,link,unlink,write,writev,sendto,sendmsg", "-p",
            String(daemon.identifier),
        ]
        let output = Pipe()
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // It says so once it is attached.
        _ = output.fileHandleForReading.availableData
    }

    /// Ends the daemon, with which strace ends and writes what it has.
    func stop() throws -> [String] {
        daemon.stop(SIGKILL)
        process.waitUntilExit()
        // A call that another thread interrupted is written in two lines; its beginning says what it is.
        return try String(contentsOfFile: file.string, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { !$0.contains(" resumed>") }
    }
}
