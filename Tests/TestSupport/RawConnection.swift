internal import CLinux
internal import Foundation

/// A bare socket, for what no well-behaved client does.
package final class RawConnection {
    private let descriptor: Int32
    private var isOpen = true

    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close() }

    /// Sends bytes; answers whether the other side took them all.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// What has come, waiting for up to `seconds` for the first of it.
    package func receive(seconds: Int = 30) -> String {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
    }

    /// Everything that comes until it holds `text`, or for `seconds` at most.
    package func receive(until text: String, seconds: Int = 30) -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var all = ""
        while !all.contains(text), ContinuousClock.now < deadline {
            let more = receive(seconds: 1)
            // Nothing in a second may be a machine that is busy; an end comes at once, again and again.
            all += more
        }
        return all
    }

    /// Everything that comes until the other side sends no more.
    ///
    /// - Returns: `nil` if that has not happened within `seconds` of the last that came.
    package func receiveToEnd(seconds: Int = 30) -> String? {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 { return nil }
            if count == 0 { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }

    /// Says that nothing more will be sent, and goes on listening.
    package func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection off.
    package func close() {
        // Once: the number may soon be that of somebody else's file.
        if isOpen { Foundation.close(descriptor) }
        isOpen = false
    }
}
