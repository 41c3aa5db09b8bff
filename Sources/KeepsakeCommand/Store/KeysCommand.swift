import ArgumentParser
import Artefacts
import DurableFiles
import FoundationEssentials
import Linking
import Sealing
import Storing
import SystemPackage

/// `keepsake keys`: the keys that everything stored is sealed with.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Shows, rotates and retires the keys that stored files are sealed with.",
        discussion: """
            A root key wraps the store keys, and a store key wraps the key of each file. So a new root key \
            rewrites no file. Whoever has the root key and the store can read everything: keep the root key, \
            and keep a copy of it away from the store.
            """,
        subcommands: [List.self, Rotate.self, Retire.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows the keys, and how many files need each.")

        @OptionGroup var store: StoreOptions

        @Flag(help: "Print JSON.")
        var json = false

        private struct Line: Encodable {
            let id: String
            let createdAt: Date
            let current: Bool
            let files: Int
        }

        func run() async throws {
            let store = try StoreBeside(try await Settings(store))
            let counts = try KeyUse.count(in: store.folders.sealed)
            let lines = try store.keys.document().summary.map { key in
                Line(
                    id: key.id, createdAt: key.createdAt, current: key.isCurrent,
                    files: KeyID(parsing: key.id).flatMap { counts[$0] } ?? 0)
            }
            if json { return Output.lines([try Output.json(["keys": lines])]) }
            Output.lines(
                lines.map { line in
                    "\(line.id)  \(line.createdAt.ISO8601Format())  \(line.files) files\(line.current ? "  current" : "")"
                })
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a new root key and a new store key in place of the old ones.",
            discussion: """
                Rewrites no stored file: all store keys are wrapped anew, and new files are sealed with the new \
                store key once the daemon is started again. Backups made before are opened by the old root key \
                alone: keep it with --keep-old, or make a new backup. Where the root key is not in a file of \
                the store, give the new one with --new-root, hand it to the daemon, and then call “keepsake keys \
                retire”.
                """)

        @OptionGroup var store: StoreOptions

        @Option(help: ArgumentHelp("A file with the new root key, 64 hexadecimal digits.", valueName: "file"))
        var newRoot: String?

        @Option(help: ArgumentHelp("Where the old root key is written to; must not be there yet.", valueName: "file"))
        var keepOld: String?

        func run() async throws {
            let settings = try await Settings(store)
            let store = try StoreBeside(settings)
            let new = try newRoot.map { try Self.key(in: FilePath($0)) }
            if let keepOld {
                guard !DurableFile.exists(FilePath(keepOld)) else {
                    throw ValidationError("\(keepOld) is there already. Choose another file for the old root key.")
                }
                // Before it is gone from its place.
                try DurableFile.write(KeyFolder.text(of: try store.keys.rootKey()), to: FilePath(keepOld))
            }
            try store.keys.rotate(to: new)
            try await store.catalogue.record([
                JournalEvent.byDaemon(.keysRotated, try store.keys.document().summary.last?.id ?? "")
            ])
            Output.lines([Self.nextSteps(settings.rootKey)])
        }

        private static func nextSteps(_ source: RootKeySource) -> String {
            switch source {
            case .file:
                "There is a new root key. Make a copy of it, and a new backup; then start the daemon again."
            case .text:
                "Both root keys open the store now. Start the daemon with the new one, make a new backup, and then "
                    + "call “keepsake keys retire”."
            }
        }

        private static func key(in path: FilePath) throws -> SecretKey {
            guard let bytes = try DurableFile.read(path) else { throw ValidationError("There is no file \(path).") }
            guard let key = KeyFolder.key(in: bytes) else {
                throw ValidationError("\(path) has no key: it must be 64 hexadecimal digits.")
            }
            return key
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Drops old root keys, and store keys that no file needs.",
            discussion: "Needs the daemon to be stopped. Backups keep the keys that they need.")

        @OptionGroup var store: StoreOptions

        func run() async throws {
            let settings = try await Settings(store)
            try StorageRoot.expect(at: settings.storage)
            let root = try StorageRoot(daemonAt: settings.storage, rootKey: settings.rootKey)
            let keys = KeyFolder(of: settings.storage, source: settings.rootKey)
            try keys.forgetOldRoots()
            let count = try keys.retire(allBut: Set(try KeyUse.count(in: root.folders.sealed).keys))
            try await SQLiteCatalogue(path: root.folders.index.string).record([
                JournalEvent.byDaemon(.keysRetired, "\(count)")
            ])
            Output.lines(["\(count) store keys retired; the present root key alone opens the store."])
        }
    }
}
