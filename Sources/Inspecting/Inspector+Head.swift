package import Artefacts
internal import CLinux
internal import FoundationEssentials
internal import Sealing
internal import SystemPackage

extension Inspector {
    /// Why a file that begins with these bytes will be refused; `nil` if that
    /// cannot be said yet.
    ///
    /// An inspector is only asked where the beginning is one that programs
    /// have: to compare the first bytes is not to understand them.
    package func refusal(of head: [UInt8], named name: FileName, declared: MediaType?) async -> Finding? {
        let mayBeProgram =
            Self.beginnings.contains { head.starts(with: $0) }
            || name.fileExtension.map(FormatRules.scriptExtensions.contains) ?? false
        guard mayBeProgram, let file = sealedInMemory(head) else { return nil }
        defer { try? file.close() }
        let finding = await inspect(
            FilePath("/proc/self/fd/\(file.rawValue)"), named: name, declared: declared, receivedAt: Date())
        return finding.state == .refused ? finding : nil
    }

    /// How executables of Windows, Linux and macOS, scripts, and shortcuts begin.
    private static let beginnings: [[UInt8]] = [
        Array("MZ".utf8), [0x7F] + Array("ELF".utf8), Array("#!".utf8), [0xFE, 0xED, 0xFA], [0xCE, 0xFA, 0xED, 0xFE],
        [0xCF, 0xFA, 0xED, 0xFE], [0xCA, 0xFE, 0xBA, 0xBE], [0x4C, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00],
    ]

    /// A sealed file that is on no disk.
    private func sealedInMemory(_ bytes: [UInt8]) -> SystemPackage.FileDescriptor? {
        let number = ks_memory_file("head")
        guard number >= 0 else { return nil }
        let file = SystemPackage.FileDescriptor(rawValue: number)
        do {
            try file.writeAll(SegmentSealer.file(bytes, with: keyring.current))
            return file
        } catch {
            try? file.close()
            return nil
        }
    }
}
