internal import CLinux
internal import GRDB
internal import GRDBSQLite

/// The write-ahead log of a database, as far as it tells whether anything was written.
///
/// SQLite keeps an index of the log in memory that all processes share, and each commit, of whatever process, has
/// changed its first bytes before it is acknowledged. To look at them asks nobody and waits for nobody.
struct WriteAheadLog: @unchecked Sendable {  // Proof: `index`, its one property, is never written.
    // Of what it points to only atomic reads are made, and SQLite neither moves nor unmaps that memory while the
    // connection it was taken from is open, which whoever has this keeps for as long.

    /// Another one after each commit.
    typealias Version = SIMD8<UInt64>

    private let index: UnsafeRawPointer

    /// The format that this knows. Source: SQLite, "WAL-mode File Format", section 2.1.
    private static let format: UInt32 = 3_007_000
    private static let pieceSize: Int32 = 32 << 10

    /// The log that a connection uses, which must stay open for as long as this is in use; `nil` where SQLite keeps
    /// it in some other way.
    init?(of database: Database) throws {
        // SQLite opens the index for the first question.
        try database.execute(sql: "SELECT * FROM sqlite_schema LIMIT 1")
        var opened: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_FILE_POINTER, &opened) == SQLITE_OK,
            let file = opened, let methods = file.pointee.pMethods?.pointee, methods.iVersion >= 2
        else { return nil }
        var piece: UnsafeMutableRawPointer?
        guard methods.xShmMap?(file, 0, Self.pieceSize, 0, &piece) == SQLITE_OK, let piece,
            piece.load(as: UInt32.self) == Self.format
        else { return nil }
        index = UnsafeRawPointer(piece)
    }

    /// `nil` while somebody commits.
    var version: Version? {
        var version = Version()
        let isWhole = withUnsafeMutableBytes(of: &version) { bytes in
            ks_log_version(index, bytes.assumingMemoryBound(to: UInt64.self).baseAddress)
        }
        return isWhole == 1 ? version : nil
    }
}
