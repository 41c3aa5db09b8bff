import ArgumentParser
import Artefacts
import FoundationEssentials
import Linking

/// `keepsake derive`: previews and the like, made anew.
struct DeriveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive",
        abstract: "Has previews and other derivatives made anew.",
        discussion: """
            After an upgrade that makes better ones, say. Originals are never touched. Only asks for it: a daemon \
            does it, when nobody waits for anything else; “keepsake jobs” shows how far that is. What there is \
            already is shown until the new one is there.
            """)

    @OptionGroup var store: StoreOptions

    @Argument(help: "The artefact.")
    var artefact: String?

    @Flag(help: "All artefacts that are kept.")
    var all = false

    /// Artefacts in one transaction: the daemon waits for no more.
    private static let batch = 1000

    func validate() throws {
        if (artefact == nil) != all { throw ValidationError("Name an artefact, or say --all.") }
    }

    func run() async throws {
        let id = try artefact.map { try ArtefactID(argument: $0) }
        let catalogue = try StoreBeside(try await Settings(store)).catalogue
        let now = Date()
        var count = 0
        if let id {
            count = try await catalogue.deriveAgain([id], at: now)
        } else {
            var cursor: ArtefactID?
            repeat {
                let page = try await catalogue.artefacts(after: cursor, limit: Self.batch)
                count += try await catalogue.deriveAgain(page, at: now)
                cursor = page.last
            } while cursor != nil
        }
        Output.lines(["Derivatives of \(count) artefacts are made anew."])
        if id != nil && count == 0 { throw ExitCode.failure }
    }
}
