internal import FoundationEssentials
internal import Glibc

/// A mail, or one part of it.
///
/// Source: RFC 5322, section 2.2; RFC 2045, sections 5 and 6; RFC 2046, section 5.1.
struct MailPart {
    /// By name in lower case; the first of a name.
    let headers: [String: String]
    let type: MailField
    private let body: ArraySlice<UInt8>

    private static let maximumHeaders = 1000
    private static let maximumHeaderSize = 64 << 10
    private static let maximumParts = 1000

    init(_ bytes: ArraySlice<UInt8>) {
        var headers: [String: String] = [:]
        var lines = MailLines(bytes)
        var current: (name: String, value: [UInt8])?
        func end() {
            guard let (name, value) = current, headers[name] == nil else { return }
            headers[name] = PlainText.decoded(value)
        }
        while let line = lines.next(), !line.isEmpty {
            if line.first == 0x20 || line.first == 0x09 {
                if let value = current?.value, value.count < Self.maximumHeaderSize {
                    current?.value += [0x20] + line.drop { $0 == 0x20 || $0 == 0x09 }
                }
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), headers.count < Self.maximumHeaders {
                end()
                let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
                current = (name.filter { $0 != " " }, Array(line[(colon + 1)...].drop { $0 == 0x20 }))
            }
        }
        end()
        self.headers = headers
        type = MailField(headers["content-type"] ?? "text/plain")
        body = lines.rest
    }

    /// What an attachment is called; `nil` where it is no attachment.
    var attachedName: String? {
        let disposition = headers["content-disposition"].map { MailField($0) }
        let name = disposition?.parameter("filename") ?? type.parameter("name")
        if let name, !name.isEmpty { return MailWords.decoded(name) }
        let isShown = type.value.hasPrefix("text/") || type.value.hasPrefix("multipart/")
        return disposition?.value == "attachment" || !isShown ? "(\(type.value))" : nil
    }

    /// The parts between the boundaries.
    var children: [MailPart] {
        guard let boundary = type.parameter("boundary"), !boundary.isEmpty else { return [] }
        let mark = Array("--\(boundary)".utf8)
        var parts: [MailPart] = []
        var start: Int?
        var lines = MailLines(body)
        while parts.count < Self.maximumParts {
            let position = lines.position
            let line = lines.next()
            guard line == nil || line?.starts(with: mark) == true else { continue }
            if let start { parts.append(MailPart(body[start..<position])) }
            guard let line, !line.dropFirst(mark.count).starts(with: Array("--".utf8)) else { break }
            start = lines.position
        }
        return parts
    }

    var decodedText: String { Charset.decoded(decodedBody, type.parameter("charset") ?? "utf-8") }

    var decodedBody: [UInt8] {
        switch (headers["content-transfer-encoding"] ?? "").lowercased().filter({ !$0.isWhitespace }) {
        case "base64": Self.base64(body)
        case "quoted-printable": Self.quotedPrintable(body)
        default: Array(body)
        }
    }

    static func base64(_ text: some Sequence<UInt8>) -> [UInt8] {
        Array(Data(base64Encoded: Data(text), options: .ignoreUnknownCharacters) ?? Data())
    }

    static func quotedPrintable(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "=") else {
                decoded.append(text[index])
                index += 1
                continue
            }
            let next = text[(index + 1)...].prefix(2)
            if let byte = UInt8(String(decoding: next, as: UTF8.self), radix: 16), next.count == 2 {
                decoded.append(byte)
                index += 3
            } else {
                // An end of line that is not in the text.
                index += next.starts(with: [0x0D, 0x0A]) ? 3 : next.first == 0x0A ? 2 : 1
            }
        }
        return decoded
    }
}

/// The lines of a mail, without their ends.
struct MailLines {
    private let bytes: ArraySlice<UInt8>
    /// Where the next line begins.
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var rest: ArraySlice<UInt8> { bytes[position...] }

    mutating func next() -> ArraySlice<UInt8>? {
        guard position < bytes.endIndex else { return nil }
        let length = rest.withUnsafeBytes { rest -> Int in
            guard let start = rest.baseAddress, let end = memchr(start, 0x0A, rest.count) else { return rest.count }
            return UnsafeRawPointer(end) - start
        }
        let line = rest.prefix(length)
        position = min(position + length + 1, bytes.endIndex)
        return line.last == 0x0D ? line.dropLast() : line
    }
}
