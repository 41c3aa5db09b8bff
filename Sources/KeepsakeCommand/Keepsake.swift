import ArgumentParser

/// The command `keepsake`.
@main
struct Keepsake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keepsake",
        abstract: "Keeps the drawings, voice notes, videos, photos and letters of a child’s story.",
        discussion: """
            Start the daemon with “keepsake serve”. The other commands talk to a running daemon, by \
            --server and --token or KEEPSAKE_SERVER and KEEPSAKE_TOKEN; “keepsake token create” makes a token. \
            “keepsake inspect” needs neither a daemon nor a store.
            """,
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, PutCommand.self, ChildCommand.self, TimelineCommand.self, SearchCommand.self,
            GetCommand.self, LocationCommand.self, TokenCommand.self, ExportCommand.self, VerifyCommand.self,
            GarbageCommand.self,
            KeysCommand.self, IndexCommand.self, BackupCommand.self, RestoreCommand.self, InspectCommand.self,
            JobsCommand.self, DeriveCommand.self,
        ])
}
