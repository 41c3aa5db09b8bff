import GRDB

/// An index as another program opens it, which waits for whoever closes it just then.
func otherProgram(at path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    return try DatabaseQueue(path: path, configuration: configuration)
}
