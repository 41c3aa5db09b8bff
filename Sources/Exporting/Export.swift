package import Artefacts
internal import DurableFiles
package import FoundationEssentials
package import Linking
package import Storing
package import SystemPackage

/// One child's story on its way into a bag.
///
/// Holds nothing of any other child, and every entry of this one, whoever may
/// see it: a bag is for whoever may see all of the story. Refused artefacts
/// have no bytes; the bag has only the events about them.
///
/// Source: RFC 8493, BagIt 1.0.
package struct Export: Sendable {
    private let child: Child
    private let items: [TimelineItem]
    private let catalogue: any Catalogue

    /// Reads the story as it is now, or answers `nil` where there is no such child.
    package init?(of child: ChildID, from catalogue: any Catalogue) async throws(CatalogueError) {
        guard let found = try await catalogue.child(child) else { return nil }
        self.child = found
        self.catalogue = catalogue
        items = try await catalogue.story(of: child)
    }

    /// Bytes of all originals together.
    package var size: Int64 { items.reduce(0) { $0 + $1.artefact.size } }

    /// A name for the bag: the child's, the end of the child's id, the day.
    package func name(on day: Date) -> String {
        [SafeName.plain(child.preferredName, orElse: "story"), child.id.ending(8), Wording.day(day, offset: nil)]
            .joined(separator: "-")
    }

    /// Writes the bag, wholly or not at all; durable on return.
    ///
    /// Order: empty folder beside the output → journal → payload → manifests →
    /// fsync → rename. What a crash leaves is that folder,
    /// `<output>.partial-…`, which nobody needs. An original that cannot be
    /// read is left out and named in the summary; the rest is a valid bag.
    ///
    /// - Parameter agent: name and version of the program, for the bag's label.
    /// - Parameter progress: told how many bytes of originals are behind us.
    /// - Throws: ``ExportError`` if the output is there already or cannot be
    ///   written, `CatalogueError` if the index cannot be read.
    package func write(
        to output: FilePath, from blobs: any BlobStore, agent: String, now: Date = Date(),
        progress: @Sendable (Int64) -> Void = { _ in }
    ) async throws -> ExportSummary {
        do {
            return try await writeBag(to: output, from: blobs, agent, now, progress)
        } catch let error as FileError {
            throw ExportError.file(error)
        }
    }

    private func writeBag(
        to output: FilePath, from blobs: any BlobStore, _ agent: String, _ now: Date,
        _ progress: @Sendable (Int64) -> Void
    ) async throws -> ExportSummary {
        var bag = try await BagWriter(output: output)
        do {
            try await catalogue.record([
                JournalEvent(
                    at: now, actor: JournalEvent.daemon, act: .childExported, subject: child.id.description,
                    child: child.id)
            ])
            let summary = try await fill(&bag, from: blobs, now, progress)
            try await bag.publish(as: BagLabel(subject: child.id.description, agent: agent, day: now))
            return summary
        } catch {
            await bag.discard()
            throw error
        }
    }

    private func fill(
        _ bag: inout BagWriter, from blobs: any BlobStore, _ now: Date, _ progress: @Sendable (Int64) -> Void
    ) async throws -> ExportSummary {
        let originals = try await OriginalCopier(blobs: blobs).copy(items, into: &bag, progress: progress)
        for original in originals {
            let writings = try await catalogue.writings(about: original.entry.id)
            try await bag.add(
                try ArchiveJSON.bytes(of: SidecarMetadata(original, writings)),
                at: "metadata/\(original.artefact.id).json")
        }
        try await bag.add(try ArchiveJSON.bytes(of: ChildMetadata(child)), at: "child.json")
        let summary = ExportSummary(originals)
        if !summary.missing.isEmpty {
            try await bag.add(try ArchiveJSON.bytes(of: summary.missing), at: "missing.json")
        }
        try await EventList(child: child.id, catalogue: catalogue).write(into: &bag)
        try await bag.add(Array(StoryPage(of: child, originals, savedAt: now).html.utf8), at: "story.html")
        return summary
    }
}
