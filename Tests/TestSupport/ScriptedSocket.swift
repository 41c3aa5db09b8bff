internal import CLinux
internal import Foundation
package import SystemPackage

/// A Unix socket on which somebody listens who misbehaves.
package final class ScriptedSocket: Sendable {
    /// What is done to everybody who connects.
    package enum Script: Sendable {
        /// Takes all that comes until the four zeros, and then answers.
        case answer([UInt8])
        /// Answers without listening, and hangs up.
        case answerAtOnce([UInt8])
        /// Takes nothing and says nothing.
        case silence
        /// Takes everything and says nothing.
        case listen
    }

    package let path: FilePath
    private let listener: Int32

    package init(in folder: FilePath, _ script: Script) throws {
        path = folder.appending("scripted")
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.string.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 8) == 0 else { throw Errno(rawValue: errno) }
        Thread.detachNewThread {
            while case let peer = accept(listener, nil, nil), peer >= 0 { Self.play(script, to: peer) }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private static func play(_ script: Script, to peer: Int32) {
        switch script {
        case .answer(let bytes):
            takeAll(from: peer)
            send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(peer)
        case .answerAtOnce(let bytes):
            send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(peer)
        case .silence: break
        case .listen: takeAll(from: peer)
        }
    }

    private static func takeAll(from peer: Int32) {
        var last: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(peer, &buffer, buffer.count, 0), count > 0 {
            last = Array((last + buffer[..<count]).suffix(4))
            if last == [0, 0, 0, 0] { return }
        }
    }
}
