import ArgumentParser

/// Options of all commands that touch a store.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The folder that holds the store.", valueName: "dir"))
    var storage: String?
}
