internal import Artefacts
internal import FoundationEssentials
internal import Reading

/// What a reader of a message of Outlook sees, as that of an email: who, to whom,
/// when, about what, the text, and the names of what is attached.
///
/// Source: [MS-OXMSG] 2; [MS-OXPROPS] for the numbers of properties.
struct OutlookText {
    private let compound: CompoundFile
    /// Storages that were read: damage can make one of them part of itself.
    private var seen: Set<Int> = []

    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        guard let compound = CompoundFile(file, file.read(at: 0, count: 512)), let root = compound.entries.first else {
            throw TextExtractingError.notUnderstood("no compound file")
        }
        var reader = OutlookText(compound)
        reader.append(root, to: &text, depth: 0)
    }

    private init(_ compound: CompoundFile) { self.compound = compound }

    private mutating func append(_ storage: CompoundFile.Entry, to text: inout CleanText, depth: Int) {
        guard depth < MailText.maximumDepth, !text.isFull, seen.insert(storage.number).inserted else { return }
        let message = OutlookProperties(of: storage, in: compound, headerSize: depth == 0 ? 32 : 24)
        appendHead(of: message, to: &text)
        appendBody(of: message, to: &text)
        for attachment in message.storages(named: "__attach_version1.0_") {
            appendAttachment(attachment, to: &text, depth: depth)
        }
    }

    private func appendHead(of message: OutlookProperties, to text: inout CleanText) {
        let lines = [
            ("From", Self.sender(of: message)), ("To", message.text(0x0E04)), ("Cc", message.text(0x0E03)),
            ("Date", message.date(0x0039).map(Instant.text)), ("Subject", message.text(0x0037)),
        ]
        for case (let name, let value?) in lines where !value.isEmpty {
            text.append("\(name): \(value)")
            text.endLine()
        }
        text.endParagraph()
    }

    /// With the address, but not one by which only one office's server knows people.
    private static func sender(of message: OutlookProperties) -> String? {
        let name = message.text(0x0C1A)
        let address = [0x5D01, 0x0C1F].lazy.compactMap { message.text($0) }.first { $0.contains("@") }
        guard let address, address != name else { return name }
        return name.map { "\($0) <\(address)>" } ?? address
    }

    /// Plain, or made so: most messages hold several forms of the same text.
    private func appendBody(of message: OutlookProperties, to text: inout CleanText) {
        if let plain = message.text(0x1000), !plain.allSatisfy(\.isWhitespace) {
            text.append(plain)
        } else if let rich = message.binary(0x1009).flatMap(CompressedRichText.decompressed) {
            // What of it cannot be read is left out, as of an email: its head says enough to find it.
            try? RichText.append(rtf: rich, to: &text)
        } else if let html = message.binary(0x1013) {
            HTMLText.append(html: message.decoded(html), to: &text)
        }
        text.endParagraph()
    }

    private mutating func appendAttachment(_ storage: CompoundFile.Entry, to text: inout CleanText, depth: Int) {
        let attachment = OutlookProperties(of: storage, in: compound, headerSize: 8)
        if let inner = attachment.storages(named: "__substg1.0_3701000D").first {
            append(inner, to: &text, depth: depth + 1)
        } else if !attachment.isTrue(0x7FFE),
            let name = [0x3707, 0x3704, 0x3001].lazy.compactMap({ attachment.text($0) }).first(where: { !$0.isEmpty })
        {
            text.append("Attachment: \(name)")
            text.endLine()
        }
    }
}
