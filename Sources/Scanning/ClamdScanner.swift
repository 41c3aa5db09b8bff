internal import DurableFiles
internal import NIOPosix
package import Sealing
internal import Synchronization
package import SystemPackage

/// Has files scanned by a clamd of this machine, to which their plain bytes
/// are streamed.
///
/// The bytes are opened here and parsed there: no file is understood by the
/// daemon. Holds a megabyte for each file that is scanned at the moment.
///
/// Source: clamd(8), INSTREAM.
package struct ClamdScanner: Scanner {
    private let socket: FilePath
    private let settings: ClamdSettings
    private let keyring: Keyring

    /// Apart from those that wait for the disk, which must not wait for a
    /// scanner. There for the life of the program.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        return threads
    }()

    /// - Parameter socket: of clamd; its path has at most ``ClamdSettings/longestPath`` bytes.
    package init(socket: FilePath, settings: ClamdSettings, keyring: Keyring) {
        self.socket = socket
        self.settings = settings
        self.keyring = keyring
    }

    package func scan(_ file: FilePath) async -> ScanResult {
        let wish = Wish()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Self.threads.submit { _ in continuation.resume(returning: look(at: file, while: wish)) }
            }
        } onCancel: {
            wish.end()
        }
    }

    private func look(at file: FilePath, while wish: Wish) -> ScanResult {
        do {
            guard let file = try OpenFile(reading: file) else { return .notScanned(.unreadable) }
            let reader = try SealedReader(fileSize: try file.size(), keyring: keyring) {
                try file.read(at: $0, into: $1)
            }
            guard reader.size <= settings.maximumSize else { return .notScanned(.tooLarge) }
            let connection = try ClamdConnection(to: socket, until: .now + settings.timeLimit) { wish.lasts }
            return try Self.result(of: reader, by: connection)
        } catch let failure as ScanFailure {
            return .notScanned(failure)
        } catch {
            return .notScanned(.unreadable)
        }
    }

    private static func result(of reader: SealedReader, by connection: ClamdConnection) throws -> ScanResult {
        do {
            try connection.send("zINSTREAM\0".utf8)
            try reader.read(0..<reader.size) { try connection.send(chunk: $0) }
            try connection.send([0, 0, 0, 0])
        } catch ClamdConnection.HungUp.now {
            // It may have said why before. Whatever that is, it has not seen the whole file.
            let answer = try ClamdAnswer(connection.receive()).result
            return answer == .clean ? .notScanned(.stopped) : answer
        }
        return try ClamdAnswer(connection.receive()).result
    }

    /// Whether somebody still wants the answer.
    private final class Wish: Sendable {
        private let hasEnded = Atomic(false)

        var lasts: Bool { !hasEnded.load(ordering: .relaxed) }

        func end() { hasEnded.store(true, ordering: .relaxed) }
    }
}
