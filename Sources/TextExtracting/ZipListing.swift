internal import Reading

/// What is in a ZIP file: names and sizes, one a line.
enum ZipListing {
    static func append(_ file: FileBytes, to text: inout CleanText) throws {
        let archive = try ZipArchive(file)
        for member in archive.members where !member.name.hasSuffix("/") {
            text.append("\(member.name) (\(member.size) bytes)")
            text.endLine()
        }
    }
}
