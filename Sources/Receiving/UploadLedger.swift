package import Artefacts
internal import Synchronization

/// What is coming in, in all and from each sender: what the limits are held against.
package final class UploadLedger: Sendable {
    private struct Account {
        let sender: String
        var bytes: Int64
    }

    private struct State {
        var accounts: [UploadID: Account] = [:]
        var receiving = 0
    }

    private let limits: UploadLimits
    private let state = Mutex(State())

    package init(limits: UploadLimits) { self.limits = limits }

    /// Opens an account for an upload that begins.
    ///
    /// - Parameter bytes: as many as were promised; 0 where nobody said.
    package func admit(_ id: UploadID, from sender: String, bytes: Int64) throws(AdmissionRefusal) {
        try state.withLock { (state) throws(AdmissionRefusal) in
            let theirs = state.accounts.values.filter { $0.sender == sender }
            guard theirs.count < limits.uploadsPerSender else { throw .tooManyUploads(limits.uploadsPerSender) }
            if let most = limits.bytesPerSender, theirs.reduce(bytes, { $0 + $1.bytes }) > most {
                throw .tooManyBytes(most)
            }
            if let most = limits.bytes, state.accounts.values.reduce(bytes, { $0 + $1.bytes }) > most {
                throw .busy
            }
            state.accounts[id] = Account(sender: sender, bytes: bytes)
        }
    }

    /// Opens an account for an upload that was admitted before the daemon was started.
    package func resume(_ id: UploadID, from sender: String, bytes: Int64) {
        state.withLock { $0.accounts[id] = Account(sender: sender, bytes: bytes) }
    }

    /// Says that an upload has more bytes than it was known to have.
    package func grow(_ id: UploadID, to bytes: Int64) {
        state.withLock { state in
            guard let known = state.accounts[id]?.bytes, known < bytes else { return }
            state.accounts[id]?.bytes = bytes
        }
    }

    /// Closes the account of an upload that came to its end, whatever that was.
    package func close(_ id: UploadID) {
        state.withLock { _ = $0.accounts.removeValue(forKey: id) }
    }

    /// Runs `work` as one request that is sending bytes.
    package func receiving<Value>(_ work: () async throws -> Value) async throws -> Value {
        try begin()
        defer { state.withLock { $0.receiving -= 1 } }
        return try await work()
    }

    private func begin() throws(AdmissionRefusal) {
        try state.withLock { (state) throws(AdmissionRefusal) in
            guard state.receiving < limits.requests else { throw .busy }
            state.receiving += 1
        }
    }

    /// How much is coming in.
    package var totals: UploadTotals {
        state.withLock { state in
            UploadTotals(
                open: state.accounts.count, receiving: state.receiving,
                bytes: state.accounts.values.reduce(0) { $0 + $1.bytes })
        }
    }
}

/// How much may come in at once.
package struct UploadLimits: Hashable, Sendable {
    /// Unfinished uploads of one sender.
    package var uploadsPerSender = 500
    /// Bytes in the unfinished uploads of one sender; `nil`: as many as the disk takes.
    package var bytesPerSender: Int64?
    /// Bytes in all unfinished uploads; `nil`: as many as the disk takes.
    package var bytes: Int64?
    /// Requests that send bytes at the same time.
    package var requests = 4000

    package init() {}
}

/// How much is coming in.
package struct UploadTotals: Hashable, Sendable {
    /// Unfinished uploads.
    package let open: Int
    /// Requests that are sending bytes now.
    package let receiving: Int
    /// Bytes that the unfinished uploads have or promised.
    package let bytes: Int64
}

/// Why an upload may not begin, or not go on, just now.
package enum AdmissionRefusal: Error, Hashable {
    case tooManyUploads(Int)
    case tooManyBytes(Int64)
    /// Others send so much that there is no room for this one.
    case busy
}
