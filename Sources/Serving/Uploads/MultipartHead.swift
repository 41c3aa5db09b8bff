/// What a part of a form says of itself.
struct MultipartHead {
    let name: String
    /// `nil` for a field that is not a file.
    let fileName: String?
    let contentType: String?

    init?(parsing text: String) {
        var disposition: Substring?
        var type: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased() {
            case "content-disposition": disposition = parts[1]
            case "content-type": type = String(parts[1]).trimmed
            default: break
            }
        }
        guard let disposition, let name = HeaderParameters.value("name", in: disposition) else { return nil }
        self.name = name
        fileName =
            HeaderParameters.extendedValue("filename*", in: disposition)
            ?? HeaderParameters.value("filename", in: disposition).map(Self.unescaped)
        contentType = type
    }

    /// Browsers send these three characters of a name encoded.
    ///
    /// Source: WHATWG HTML, "multipart/form-data encoding algorithm".
    private static func unescaped(_ name: String) -> String {
        name.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}
