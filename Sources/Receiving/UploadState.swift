/// How far an upload has come, and what may come next. Pure.
package struct UploadState: Hashable, Sendable {
    /// Bytes promised, or `nil` where the client has not said yet.
    package private(set) var length: Int64?
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
    package var hasAll: Bool { offset == length }

    /// Takes the length, which may be said once and then stays the same.
    ///
    /// Answers whether it is news.
    package mutating func promise(length: Int64) throws(UploadRefusal) -> Bool {
        if let known = self.length {
            guard known == length else { throw .lengthMismatch(known: known, provided: length) }
            return false
        }
        guard length >= offset else { throw .lengthMismatch(known: offset, provided: length) }
        guard length <= maximumSize else { throw .tooLarge(maximum: maximumSize) }
        self.length = length
        return true
    }

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

    /// Checks that no promised byte is missing where the client says that it has sent the last.
    package func mayEnd() throws(UploadRefusal) {
        if let length, length != offset { throw .lengthMismatch(known: length, provided: offset) }
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
    /// Another length was said before, or more bytes are there.
    case lengthMismatch(known: Int64, provided: Int64)
    case tooLarge(maximum: Int64)
    case checksumMismatch
    /// A checksum was to come behind the bytes, and did not.
    case checksumMissing
    /// The upload is put together from others, and takes no bytes of its own.
    case isFinal
}
