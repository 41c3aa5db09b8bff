internal import Artefacts
internal import InspectionWire
internal import Reading

/// What nobody can look at here, by a few bytes at a fixed place.
///
/// Source: DROID V122; each format's own specification.
enum BinarySignature {
    private struct Rule {
        let offset: Int
        let bytes: [UInt8]
        let type: MediaType
        var puid: PUID?
        var features: Set<Feature> = []

        init(_ text: String, at offset: Int = 0, _ type: MediaType, _ puid: PUID? = nil, _ features: Set<Feature> = [])
        {
            self.init(Array(text.utf8), at: offset, type, puid, features)
        }

        init(
            _ bytes: [UInt8], at offset: Int = 0, _ type: MediaType, _ puid: PUID? = nil, _ features: Set<Feature> = []
        ) {
            (self.bytes, self.offset, self.type, self.puid, self.features) = (bytes, offset, type, puid, features)
        }
    }

    private static let rules: [Rule] = [
        // Archives.
        Rule([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed", "fmt/484"),
        Rule([0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0], "application/x-rar", "fmt/613"),
        Rule([0x52, 0x61, 0x72, 0x21, 0x1A, 7, 0], "application/x-rar", "fmt/411"),
        Rule([0x1F, 0x8B, 8], "application/gzip", "x-fmt/266"),
        Rule("BZh", "application/x-bzip2", "x-fmt/268"),
        Rule([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "application/x-xz", "fmt/1098"),
        Rule([0x28, 0xB5, 0x2F, 0xFD], "application/zstd"),
        Rule("MSCF\0\0\0\0", "application/vnd.ms-cab-compressed", "x-fmt/414"),
        Rule("ustar", at: 257, "application/x-tar", "x-fmt/265"),
        // Helper files of other files.
        Rule([0, 5, 0x16, 7, 0, 2], "multipart/appledouble", "fmt/503", [.sidecar]),
        Rule([0, 5, 0x16, 7, 0, 1], "multipart/appledouble", "fmt/966", [.sidecar]),
        Rule([0, 5, 0x16, 0, 0, 1], "application/applefile", "fmt/967"),
        Rule([0, 5, 0x16, 0, 0, 2], "application/applefile", "fmt/968"),
        Rule("\0\0\0\u{1}Bud1", "application/x-apple-dsstore", "fmt/394", [.sidecar]),
        // Documents and records.
        Rule(
            [0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D, 0xAE, 0xB1, 0x53, 0x78, 0xD0, 0x29, 0x96, 0xD3],
            "application/onenote", "fmt/637"),
        Rule(
            [0xA1, 0x2F, 0xFF, 0x43, 0xD9, 0xEF, 0x76, 0x4C, 0x9E, 0xE2, 0x10, 0xEA, 0x57, 0x22, 0x76, 0x5F],
            "application/onenote"),
        Rule("DICM", at: 128, "application/dicom", "fmt/574"),
        Rule("SQLite format 3\0", "application/vnd.sqlite3", "fmt/729"),
        Rule("bplist00", "application/x-plist", "fmt/984"),
        Rule("ITSF", "application/vnd.ms-htmlhelp", "fmt/634"),
        // Locked as a whole.
        Rule("age-encryption.org/v1\n", "application/octet-stream", nil, [.passwordLocked]),
        Rule("-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted", nil, [.passwordLocked]),
        Rule("Salted__", "application/octet-stream", nil, [.passwordLocked]),
        // Disks.
        Rule("vhdxfile", "application/x-vhdx"), Rule("conectix", "application/x-vhd"),
        Rule([0x51, 0x46, 0x49, 0xFB], "application/x-qemu-disk"), Rule("KDMV", "application/x-vmdk"),
    ]

    static func finding(in file: FileBytes, _ head: [UInt8]) -> FormatFinding? {
        if let rule = rules.first(where: { rule in
            rule.offset + rule.bytes.count <= head.count && head[rule.offset...].starts(with: rule.bytes)
        }) {
            var finding = FormatFinding(rule.type, puid: rule.puid)
            finding.features = rule.features
            return finding
        }
        return mailbox(head) ?? disk(file)
    }

    /// Source: MS-PST, section 2.2.2.6.
    private static func mailbox(_ head: [UInt8]) -> FormatFinding? {
        guard head.has("!BDN"), let version: UInt16 = head.littleEndian(10) else { return nil }
        return FormatFinding("application/vnd.ms-outlook-pst", puid: version < 23 ? "x-fmt/248" : "x-fmt/249")
    }

    /// Source: ECMA-119, section 8; ECMA-167, part 2; Apple's UDIF; Microsoft's VHD specification.
    private static func disk(_ file: FileBytes) -> FormatFinding? {
        guard file.size > 32_774 else { return trailer(file) }
        let descriptor = file.read(at: 32_769, count: 5)
        if descriptor.has("CD001") {
            let hasBridge = (17..<32).contains { file.read(at: 32_769 + $0 * 2048 - 32_768, count: 5).has("NSR0") }
            return FormatFinding("application/x-iso9660-image", puid: hasBridge ? "fmt/1739" : "fmt/468")
        }
        if descriptor.has("BEA01") { return FormatFinding("application/x-udf-image", puid: "fmt/1738") }
        return trailer(file)
    }

    private static func trailer(_ file: FileBytes) -> FormatFinding? {
        let trailer = file.tail(512)
        if trailer.count == 512, trailer.has("koly") {
            return FormatFinding("application/x-apple-diskimage", puid: "fmt/1071")
        }
        return trailer.count == 512 && trailer.has("conectix") ? FormatFinding("application/x-vhd") : nil
    }
}
