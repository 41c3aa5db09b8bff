/// How far an upload has come, and what may come next. Pure.
package struct UploadState: Hashable, Sendable {
    /// Bytes promised, or `nil` where the client did not say.
    package let length: Int64?
    /// Most bytes that the upload may have.
    package let maximumSize: Int64
    /// Bytes taken so far.
    package private(set) var offset: Int64

    package init(length: Int64?, maximumSize: Int64, offset: Int64 = 0) {
        self.length = length
        self.maximumSize = maximumSize
        self.offset = offset
    }

    /// Whether every promised byte is there. Never of an upload without a length.
    package var isComplete: Bool { offset == length }

    /// Checks a request to append `contentLength` bytes (`nil`: unknown) at `position`.
    package func mayAppend(at position: Int64, contentLength: Int64?) throws(UploadRefusal) {
        guard position == offset else { throw .offsetMismatch(expected: offset, provided: position) }
        if let contentLength { try check(adding: contentLength) }
    }

    /// Takes bytes that came in.
    package mutating func take(_ count: Int) throws(UploadRefusal) {
        try check(adding: Int64(count))
        offset += Int64(count)
    }

    private func check(adding count: Int64) throws(UploadRefusal) {
        let (end, overflow) = offset.addingReportingOverflow(count)
        if let length, overflow || end > length { throw .beyondLength(length) }
        if overflow || end > maximumSize { throw .tooLarge(maximum: maximumSize) }
    }
}

/// Why bytes are not taken.
package enum UploadRefusal: Error, Hashable {
    case offsetMismatch(expected: Int64, provided: Int64)
    case beyondLength(Int64)
    case tooLarge(maximum: Int64)
}
