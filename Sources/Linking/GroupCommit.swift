internal import GRDB
internal import Synchronization

/// Writes for many callers with one sync of the disk.
///
/// While one transaction is on its way to the disk, the work of everybody who
/// comes meanwhile is gathered for the next. Work that fails takes nothing else
/// with it.
actor GroupCommit {
    private typealias Work = @Sendable (Database) throws -> Void

    private enum Turn {
        /// Somebody else has written what the caller gathered.
        case written(Result<Void, any Error>)
        /// It is the caller's turn to write what has been gathered.
        case write
    }

    private let pool: DatabasePool
    private var gathered: [Work] = []
    private var waiters: [CheckedContinuation<Turn, Never>] = []
    private var isWriting = false

    init(pool: DatabasePool) { self.pool = pool }

    /// Does the work in a transaction; durable on return.
    ///
    /// Cancelling the caller stops nothing: what it did has been done.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let outcome = Outcome<Value>()
        gathered.append { database in try outcome.keep { try Self.apart(work, database) } }
        if isWriting {
            let turn = await withCheckedContinuation { waiters.append($0) }
            if case .written(let result) = turn {
                try result.get()
                return try outcome.get()
            }
        }
        isWriting = true
        let served = waiters
        waiters = []
        let result = await writeGathered()
        for waiter in served { waiter.resume(returning: .written(result)) }
        if waiters.isEmpty {
            isWriting = false
        } else {
            waiters.removeFirst().resume(returning: .write)
        }
        try result.get()
        return try outcome.get()
    }

    private func writeGathered() async -> Result<Void, any Error> {
        let work = gathered
        gathered = []
        return await withCheckedContinuation { continuation in
            pool.asyncWrite({ database in for piece in work { try piece(database) } }) { _, result in
                continuation.resume(returning: result)
            }
        }
    }

    /// Does a piece of work so that it is wholly done, or not at all.
    ///
    /// - Throws: only where the whole transaction is lost, and with it what others did.
    private static func apart<Value>(
        _ work: (Database) throws -> Value, _ database: Database
    ) throws -> Result<Value, any Error> {
        var result: Result<Value, any Error>?
        do {
            try database.inSavepoint {
                result = Result { try work(database) }
                if case .failure = result { return .rollback }
                return .commit
            }
        } catch {
            // Where the work itself failed, the way back says less than it did.
            if result == nil || database.isInsideTransaction { result = .failure(error) }
        }
        // When the disk is full or fails, SQLite may undo everything.
        if case .failure(let error) = result, !database.isInsideTransaction { throw error }
        guard let result else { preconditionFailure("the work was done, or an error was kept") }
        return result
    }
}

/// What came of a piece of work.
private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func keep(_ make: () throws -> Result<Value, any Error>) throws {
        let made = try make()
        result.withLock { $0 = made }
    }

    func get() throws -> Value {
        guard let result = result.withLock({ $0 }) else { preconditionFailure("the transaction was committed") }
        return try result.get()
    }
}
