internal import Artefacts
internal import FoundationEssentials

/// What a bag says about itself.
struct BagLabel {
    /// The identifier of what the bag is about.
    let subject: String
    /// Name and version of the program that made the bag.
    let agent: String
    let day: Date

    /// The text of `bagit.txt`.
    ///
    /// Source: RFC 8493, section 2.1.1.
    static let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

    /// The text of `bag-info.txt`, for a payload of that many bytes and files.
    ///
    /// Source: RFC 8493, section 2.2.2.
    func text(size: Int64, files: Int) -> String {
        [
            "Bag-Software-Agent: \(agent)",
            "Bagging-Date: \(Wording.day(day, offset: nil))",
            "Bag-Size: \(Wording.size(size))",
            "External-Identifier: \(subject)",
            "Payload-Oxum: \(size).\(files)",
        ].map { $0 + "\n" }.joined()
    }
}
