package import Foundation
internal import SystemPackage

/// The processes of this machine, as far as a test looks at them.
package enum Processes {
    /// The processes that another has started and that have not been reaped.
    package static func children(of parent: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
        return threads.flatMap { thread in
            let text = (try? String(contentsOfFile: "/proc/\(parent)/task/\(thread)/children", encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// The nearest of its descendants that were started as this program.
    package static func descendants(of parent: Int32, startedAs program: String) -> [Int32] {
        children(of: parent).flatMap { child in
            let words = FileManager.default.contents(atPath: "/proc/\(child)/cmdline") ?? Data()
            return words.prefix { $0 != 0 }.elementsEqual(program.utf8)
                ? [child] : descendants(of: child, startedAs: program)
        }
    }

    /// Waits until the process has ended, and whoever started it knows.
    package static func end(of process: Int32) async throws {
        while FileManager.default.fileExists(atPath: "/proc/\(process)") { try await pause() }
    }

    /// Waits until something is there.
    package static func wait<Value>(for value: () -> Value?) async throws -> Value {
        while true {
            if let value = value() { return value }
            try await pause()
        }
    }

    /// The pages of memory that those processes took into use which a process has reaped.
    ///
    /// Source: proc(5), /proc/pid/stat, cminflt.
    package static func pagesTaken(byReapedChildrenOf process: Int32) throws -> Int {
        let text = String(decoding: try Self.bytes(of: FilePath("/proc/\(process)/stat")), as: UTF8.self)
        // Behind the program's name, which may have anything in it.
        let words = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return words.count > 9 ? Int(words[9]) ?? 0 : 0
    }

    /// All that a process can write to in its memory, for root alone.
    package static func memory(of process: Int32) throws -> [Data] {
        let memory = try SystemPackage.FileDescriptor.open("/proc/\(process)/mem", .readOnly)
        defer { try? memory.close() }
        // Foundation reads no more of it than fits into one page.
        let maps = String(decoding: try Self.bytes(of: FilePath("/proc/\(process)/maps")), as: UTF8.self)
        return maps.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard words[1].hasPrefix("rw"), ends.count == 2 else { return nil }
            var bytes = Data(count: Int(ends[1] - ends[0]))
            let count = bytes.withUnsafeMutableBytes {
                try? memory.read(fromAbsoluteOffset: Int64(ends[0]), into: $0)
            }
            return bytes.prefix(count ?? 0)
        }
    }

    private static func bytes(of path: FilePath) throws -> [UInt8] {
        let file = try SystemPackage.FileDescriptor.open(path, .readOnly)
        defer { try? file.close() }
        var (bytes, page): ([UInt8], [UInt8]) = ([], Array(repeating: 0, count: 1 << 16))
        while case let count = try page.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
            bytes += page[..<count]
        }
        return bytes
    }

    private static func pause() async throws { try await Task.sleep(for: .milliseconds(2)) }
}
