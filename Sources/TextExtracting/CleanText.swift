/// A text that is put together from what documents hold, made fit to be shown.
///
/// Control characters and those that turn the direction of writing go, spaces
/// become one, and more than one empty line becomes one.
///
/// Source: Unicode 15, UAX #9 (directional overrides and isolates), UAX #14 (line ends).
struct CleanText {
    /// Bytes of UTF-8.
    static let maximumSize = 1 << 20
    private static let maximumTabs = 16

    private var bytes: [UInt8] = []
    private var lineEnds = 0
    private var tabs = 0
    private var hasSpace = false
    private var follows13 = false
    private(set) var isFull = false

    /// The text, or `nil` where there is none.
    var result: String? { bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ text: some StringProtocol) {
        for scalar in text.unicodeScalars {
            if isFull { return }
            append(scalar)
        }
    }

    mutating func endLine() { append("\n") }

    /// Ends a paragraph, and leaves a line empty.
    mutating func endParagraph() { append("\n\n") }

    private mutating func append(_ scalar: Unicode.Scalar) {
        defer { follows13 = scalar == "\r" }
        switch scalar {
        case "\n" where follows13: break
        case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}":
            lineEnds += 1
            (tabs, hasSpace) = (0, false)
        case "\t": tabs += 1
        case " ": hasSpace = true
        // Most of what is written, and to ask Unicode about each takes longer than all the rest.
        case "!"..."~": write(scalar)
        case _ where scalar.properties.isWhitespace: hasSpace = true
        case _ where Self.isLeftOut(scalar): break
        default: write(scalar)
        }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        if scalar.isASCII, lineEnds == 0, tabs == 0, !hasSpace, bytes.count < Self.maximumSize {
            bytes.append(UInt8(scalar.value))
            return
        }
        var space: [UInt8] = []
        if !bytes.isEmpty { space += repeatElement(0x0A, count: min(lineEnds, 2)) }
        if tabs > 0 {
            space += repeatElement(0x09, count: min(tabs, Self.maximumTabs))
        } else if hasSpace, !bytes.isEmpty, lineEnds == 0 {
            space.append(0x20)
        }
        let encoded = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        guard bytes.count + space.count + encoded.count <= Self.maximumSize else {
            isFull = true
            return
        }
        bytes += space
        bytes += encoded
        (lineEnds, tabs, hasSpace) = (0, 0, false)
    }

    private static func isLeftOut(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00AD, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB: true
        case let value where value & 0xFFFE == 0xFFFE: true
        default: scalar.properties.generalCategory == .control
        }
    }
}
