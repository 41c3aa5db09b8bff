internal import DurableFiles
internal import SystemPackage

/// The file of an ``UploadLog`` that is being written.
struct UploadLogFile: Sendable {
    /// Tails of small requests make a log grow; above this it is written anew.
    private static let longSize: Int64 = 256 << 10

    private let path: FilePath
    /// The lines that a log which is written anew begins with.
    private var declared: [UInt8]
    private var file: OpenFile
    /// Where the next line begins.
    private var end: Int64
    /// Whether it is not known which file has the name.
    private var isLost = false

    /// Begins a log. Order: written and synced beside its name → rename →
    /// fsync of the folder.
    init(creating path: FilePath, _ declaration: UploadDeclaration) throws(FileError) {
        self.path = path
        declared = UploadLog.bytes(of: .declared(declaration))
        try DurableFile.write(declared, to: path)
        file = try OpenFile(writing: path)
        end = Int64(declared.count)
    }

    /// Goes on with a log behind its last whole line.
    init(reopening path: FilePath, _ log: UploadLog) throws(FileError) {
        self.path = path
        let history = log.history
        declared = UploadLog.bytes(of: .declared(history.declaration))
        if history.declaration.length == nil, let length = history.length {
            declared += UploadLog.bytes(of: .length(length))
        }
        file = try OpenFile(writing: path)
        end = log.size
        if try file.size() > end { try file.truncate(to: end) }
    }

    var isLong: Bool { end > Self.longSize }

    /// Appends a line; durable on return.
    mutating func append(_ line: UploadLog.Line) throws(FileError) {
        guard !isLost else { throw FileError("append to a log that was replaced", path, .ioError) }
        let bytes = UploadLog.bytes(of: line)
        try file.write(bytes, at: end)
        try file.synchroniseData()
        end += Int64(bytes.count)
    }

    /// Appends the length of an upload that was begun without one; durable on return.
    mutating func append(length: Int64) throws(FileError) {
        try append(.length(length))
        declared += UploadLog.bytes(of: .length(length))
    }

    /// Puts a log with this line alone in place of this one; durable on return.
    mutating func begin(anewWith line: UploadLog.Line) throws(FileError) {
        let bytes = declared + UploadLog.bytes(of: line)
        isLost = true
        try DurableFile.write(bytes, to: path)
        file = try OpenFile(writing: path)
        end = Int64(bytes.count)
        isLost = false
    }
}
