import ArgumentParser
import Artefacts
import DurableFiles
import FoundationEssentials
import Linking
import NIOCore
import Preserving
import Storing
import SystemPackage

/// `keepsake index`: the index, when it is lost.
struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Makes a lost index anew, and shows what it could not place.",
        subcommands: [Rebuild.self, Unplaced.self])

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the index anew from the stored files and the records beside them.",
            discussion: """
                Needs the daemon to be stopped. Children, artefacts, entries and the journal come back as they \
                were up to some seconds before the loss; tokens and sessions do not: make new ones with \
                “keepsake token create”. Stored files that no record tells of are set aside, and “keepsake \
                index unplaced” shows them. The exit code is 1 if anything could not be put back.
                """)

        @OptionGroup var store: StoreOptions

        @Flag(help: "Also where there is an index; it is kept beside the new one.")
        var replace = false

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let settings = try await Settings(store)
            let folders = StoreFolders(at: settings.storage)
            guard try StorageRoot.identity(of: folders.root) != nil else {
                throw StorageRootError.notAStore(folders.root)
            }
            guard replace || !DurableFile.exists(folders.index) else {
                throw ValidationError("There is an index. Say --replace to make it anew all the same.")
            }
            let root = try StorageRoot(daemonAt: settings.storage, rootKey: settings.rootKey, needsIndex: false)
            let result = try await rebuild(root)
            try show(result)
            withExtendedLifetime(root) {}
            guard result.unreadable.isEmpty, result.unplaced.isEmpty, result.missing.isEmpty else {
                throw ExitCode.failure
            }
        }

        /// Order: new index whole and closed → synced → old one out of the way →
        /// rename → fsync of the folder. Killed anywhere, it is run again.
        private func rebuild(_ root: StorageRoot) async throws -> IndexRebuild.Result {
            let index = root.folders.index
            let new = FilePath(index.string + ".new")
            for file in SQLiteCatalogue.files(at: new.string) { try DurableFile.remove(FilePath(file)) }
            let catalogue = try SQLiteCatalogue(path: new.string)
            let result = try await IndexRebuild(
                into: catalogue, from: DirectoryBlobStore(root: root.folders.blobs, keyring: root.keyring),
                RecordStore(root: root.folders.records, keyring: root.keyring)
            ).run()
            try catalogue.close()
            try OpenFile(writing: new).synchronise()
            let old = index.string + ".old-" + Secret.random(bytes: 4)
            // A log of the old index must not be taken for one of the new.
            for (file, aside) in zip(SQLiteCatalogue.files(at: index.string), SQLiteCatalogue.files(at: old))
            where DurableFile.exists(FilePath(file)) {
                try DurableFile.publish(FilePath(file), as: FilePath(aside))
            }
            try DurableFile.publish(new, as: index)
            return result
        }

        private func show(_ result: IndexRebuild.Result) throws {
            if json { return Output.lines([try Output.json(Document(result))]) }
            for unreadable in result.unreadable { Output.lines(["unreadable  \(unreadable)"]) }
            for missing in result.missing { Output.lines(["missing  \(missing)"]) }
            for unplaced in result.unplaced { Output.lines(["unplaced  \(unplaced)"]) }
            Output.lines([
                "Put back \(result.children) children, \(result.artefacts) artefacts, \(result.refusals) refusals and "
                    + "\(result.journalRecords) records of the journal. \(result.unreadable.count) records are "
                    + "unreadable, \(result.missing.count) files missing, \(result.unplaced.count) files set aside for "
                    + "a person. Make new tokens with “keepsake token create”."
            ])
        }

        private struct Document: Encodable {
            let children: Int
            let artefacts: Int
            let refusals: Int
            let journalRecords: Int
            let unreadable: [String]
            let missing: [Digest]
            let unplaced: [Digest]

            init(_ result: IndexRebuild.Result) {
                children = result.children
                artefacts = result.artefacts
                refusals = result.refusals
                journalRecords = result.journalRecords
                unreadable = result.unreadable
                missing = result.missing
                unplaced = result.unplaced
            }
        }
    }

    struct Unplaced: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows stored files that no record told of, and saves them for a look.",
            discussion: """
                Nobody but who runs the store can see them. Save one, look whose it is, and add it to the right \
                story with “keepsake put”: then it is placed.
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("Save this one.", valueName: "digest"))
        var save: String?

        @Option(name: .shortAndLong, help: ArgumentHelp("Where to; must not be there yet.", valueName: "file"))
        var output: String?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if (save == nil) != (output == nil) { throw ValidationError("--save and --output belong together.") }
        }

        func run() async throws {
            let store = try StoreBeside(try await Settings(store))
            let unplaced = try await store.catalogue.unplacedBlobs()
            if let save, let output { return try await copy(save, of: unplaced, from: store, to: FilePath(output)) }
            if json {
                return Output.lines([try Output.json(["unplaced": unplaced.map(\.digest)])])
            }
            Output.lines(unplaced.map { "\($0.digest)  \($0.size) bytes" } + ["\(unplaced.count) files."])
        }

        private func copy(
            _ name: String, of unplaced: [StoredBlob], from store: StoreBeside, to path: FilePath
        ) async throws {
            guard let digest = try? Digest(parsing: name), unplaced.contains(where: { $0.digest == digest }),
                let blob = try await store.blobs.open(digest)
            else { throw ValidationError("No unplaced file has this digest.") }
            // A read of what may be any child's: it is in the journal before the first byte.
            try await store.catalogue.record([
                JournalEvent.byDaemon(.contentRead, name)
            ])
            let file = try OpenFile(creating: path)
            var position: Int64 = 0
            while position < blob.size {
                let bytes = try await blob.read(position..<min(position + 1 << 20, blob.size))
                try file.write(Array(bytes.readableBytesView), at: position)
                position += Int64(bytes.readableBytes)
            }
            try file.synchronise()
        }
    }
}
