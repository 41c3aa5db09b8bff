internal import Logging

/// Writes to standard error, and puts what goes along with a line into words when there is a line.
///
/// Each request has a logger with an identifier of its own, and most write nothing.
struct StandardErrorLog: LogHandler {
    private var writer: StreamLogHandler
    var metadata: Logger.Metadata = [:]

    init(label: String) { writer = .standardError(label: label) }

    var logLevel: Logger.Level {
        get { writer.logLevel }
        set { writer.logLevel = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { writer.metadataProvider }
        set { writer.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var writer = writer
        writer.metadata = metadata
        writer.log(event: event)
    }
}
