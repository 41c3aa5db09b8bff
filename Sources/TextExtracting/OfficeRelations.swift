/// Which part of an office document a reference means.
///
/// Source: ECMA-376 Part 2, section 9.3 (relationships).
final class OfficeRelations: MarkupHandler {
    private let folder: String
    private var targets: [String: String] = [:]

    private static let maximumRelations = 10_000

    /// Reads the relations of the part `folder/name`.
    init(of name: String, in folder: String, _ archive: borrowing ZipArchive) throws(TextExtractingError) {
        self.folder = folder
        try archive.readXML("\(folder)/_rels/\(name).rels", self)
    }

    /// The member of the archive that a reference means.
    func member(_ reference: String) -> String? {
        targets[reference].map { $0.hasPrefix("/") ? String($0.dropFirst()) : "\(folder)/\($0)" }
    }

    var hasEnough: Bool { targets.count >= Self.maximumRelations }

    func start(_ name: String, _ attributes: [String: String]) {
        if name == "Relationship", let id = attributes["Id"] { targets[id] = attributes["Target"] }
    }

    func end(_ name: String) {}

    func text(_ text: String) {}
}
