extension Answers.Entry {
    /// The entry on a terminal.
    var forPeople: String {
        let state = artefact.state == "kept" ? "" : " (\(artefact.state))"
        return "\(happened.at)  \(artefact.kind)\(state)  \(artefact.fileName)  \(caption ?? "")\n    \(artefact.id)"
    }

    /// The entry in a pipe: a line, with tabs between.
    var forPrograms: String {
        [artefact.id, happened.at, artefact.state, artefact.mimeType, artefact.fileName].joined(separator: "\t")
    }
}
