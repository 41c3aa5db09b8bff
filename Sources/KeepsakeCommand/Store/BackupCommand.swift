import ArgumentParser
import Artefacts
import FoundationEssentials
import Linking
import Preserving
import Storing
import SystemPackage

/// `keepsake backup`: a copy of the store in another folder.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Brings a backup of the store up to date, beside a running daemon.",
        discussion: """
            The first time everything is copied, afterwards what is new. Every copy is verified. At every moment \
            the folder holds the last whole backup or the new one; a backup that was stopped goes on where it \
            stood. Uploads that are still coming in are not in it, and nor is the root key, unless \
            --with-root-key says so: without it the backup is unreadable, to thieves and to you. The exit code is 1 \
            if a stored file is damaged; all others are then in the backup.
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("The folder of the backup.", valueName: "dir"))
    var folder: String

    @OptionGroup var rate: RateOption

    @Flag(help: "Put the root key into the backup, which is then readable by whoever has it.")
    var withRootKey = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let store = try StoreBeside(try await Settings(store))
        let backup = try Backup(of: store.folders, to: FilePath(folder), keyring: store.keyring)
        let progress = ProgressBar(name: "backup", size: try await store.catalogue.fixity().bytes)
        let report = try await backup.run(
            store.catalogue, blobs: store.blobs, pace: rate.pace,
            withRootKey: withRootKey ? try store.keys.rootKey() : nil, progress: progress.advance)
        progress.end()
        try await store.catalogue.record(fixity: report.damaged)
        try await store.catalogue.record([
            JournalEvent.byDaemon(.backedUp, "\(report.copied)")
        ])
        try report.show(
            json: json,
            hint: withRootKey
                ? "The root key is in the backup: keep it as you keep the store."
                : "The root key is not in the backup: keep a copy of it elsewhere, nothing else opens it.")
    }
}

/// `keepsake restore`: a store made from a backup.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a store from a backup, in an empty folder.",
        discussion: """
            Needs the root key: from --root-key, from where the configuration says, or from the backup if it is \
            there. Every file is verified while it is copied. A restore that was stopped goes on where it stood, \
            and until it is whole no daemon takes the folder for a store. The exit code is 1 if the backup has \
            damaged files; all others are then restored.
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: ArgumentHelp("The folder of the backup.", valueName: "dir"))
    var backup: String

    @Option(help: ArgumentHelp("The file of the root key.", valueName: "file"))
    var rootKey: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let settings = try await Settings(store)
        let source = rootKey.map { RootKeySource.file(FilePath($0)) } ?? settings.rootKey
        let restore = try Restore(from: FilePath(backup), to: settings.storage, rootKey: source)
        let progress = ProgressBar(name: "restore", size: try await restore.size())
        let report = try await restore.run(
            rootKeyFile: rootKeyFile(settings), pace: Pace(bytesPerSecond: nil), progress: progress.advance)
        progress.end()
        try report.show(json: json, hint: "Start it with “keepsake serve --storage \(settings.storage)”.")
    }

    /// Where a daemon will look for it; nothing is written where somebody else keeps it.
    private func rootKeyFile(_ settings: Settings) -> FilePath? {
        switch settings.rootKey {
        case .file(nil): StoreFolders(at: settings.storage).keys.appending("root.key")
        case .file(let path?): rootKey == nil ? nil : path
        case .text: nil
        }
    }
}

extension CopyReport {
    private struct Document: Encodable {
        let copied: Int
        let bytes: Int64
        let present: Int
        let damaged: [DamagedAnswer]
    }

    /// Says what was done.
    ///
    /// - Throws: `ExitCode.failure` if something is damaged.
    fileprivate func show(json: Bool, hint: String) throws {
        let damaged = damaged.map(DamagedAnswer.init)
        if json {
            Output.lines([
                try Output.json(Document(copied: copied, bytes: bytes, present: present, damaged: damaged))
            ])
        } else {
            for damaged in damaged { Output.lines([damaged.line]) }
            Output.lines([
                "\(copied) files copied, \(Wording.size(bytes)); \(present) there already, \(damaged.count) damaged. \(hint)"
            ])
        }
        if !damaged.isEmpty { throw ExitCode.failure }
    }
}
