internal import Artefacts
internal import InspectionWire
internal import Reading

/// Programs, by their first bytes. Nothing that they also look like helps them.
///
/// Source: System V ABI; Microsoft PE Format; Apple's loader.h; JVM Specification, section 4.1; MS-SHLLINK; DROID V122.
enum ProgramSignature {
    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        windows(file, head) ?? unix(head) ?? apple(head) ?? other(head)
    }

    /// Whether bytes are the beginning of a program.
    static func isProgram(_ head: [UInt8]) -> Bool {
        head.has("MZ") || unix(head) != nil || apple(head) != nil || other(head) != nil
    }

    private static func windows(_ file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        guard head.has("MZ"), let place: UInt32 = head.littleEndian(60) else { return nil }
        let header = file.read(at: Int64(place), count: 26)
        let type: MediaType = "application/vnd.microsoft.portable-executable"
        if header.has("PE\0\0") {
            return FormatFinding(type, puid: header.littleEndian(24, as: UInt16.self) == 0x20B ? "fmt/900" : "fmt/899")
        }
        if header.has("NE") { return FormatFinding(type, puid: "x-fmt/410") }
        // Text may begin with the same letters.
        let isText = head.prefix(512).allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
        return isText ? nil : FormatFinding("application/x-dosexec", puid: "x-fmt/409")
    }

    private static func unix(_ head: [UInt8]) -> FormatFinding? {
        guard head.has("\u{7F}ELF"), head.count > 6 else { return nil }
        let puids: [PUID] = ["fmt/688", "fmt/689", "fmt/690", "fmt/691"]
        let index = (head[4] == 2 ? 2 : 0) + (head[5] == 2 ? 1 : 0)
        return FormatFinding("application/x-executable", puid: puids[index])
    }

    private static func apple(_ head: [UInt8]) -> FormatFinding? {
        switch head.bigEndian(0, as: UInt32.self) {
        case 0xFEED_FACE, 0xCEFA_EDFE: return FormatFinding("application/x-mach-binary", puid: "fmt/692")
        case 0xFEED_FACF, 0xCFFA_EDFE: return FormatFinding("application/x-mach-binary", puid: "fmt/693")
        case 0xCAFE_BABE:
            // Java has its version where a binary for several processors has their number.
            let number: UInt32 = head.bigEndian(4) ?? 0
            return number < 20
                ? FormatFinding("application/x-mach-binary")
                : FormatFinding("application/x-java-applet", puid: "x-fmt/415")
        default: return nil
        }
    }

    private static func other(_ head: [UInt8]) -> FormatFinding? {
        if head.starts(with: [0x4C, 0, 0, 0, 1, 0x14, 2, 0]) {
            return FormatFinding("application/x-ms-shortcut", puid: "x-fmt/428")
        }
        if head.has("dex\n") { return FormatFinding("application/x-dex", puid: "fmt/694") }
        if head.has("\0asm\u{1}\0\0\0") { return FormatFinding("application/wasm") }
        guard head.has("#!") else { return nil }
        let line = String(decoding: head.prefix(256).prefix { $0 != 0x0A }, as: UTF8.self)
        guard line.contains("/") else { return nil }
        if line.contains("python") { return FormatFinding("text/x-script.python", puid: "fmt/938") }
        if line.contains("perl") { return FormatFinding("text/x-perl") }
        if line.contains("ruby") { return FormatFinding("text/x-ruby") }
        if line.contains("node") { return FormatFinding("text/javascript", puid: "x-fmt/423") }
        return FormatFinding("text/x-shellscript")
    }
}
