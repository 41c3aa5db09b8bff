package import Linking
package import Receiving

/// What one request that sends bytes says of itself, in whatever protocol.
package struct AppendRequest: Sendable {
    /// Where the upload comes to its end.
    package enum Ending: Sendable {
        /// With the byte that makes it as long as was promised.
        case atLength
        /// With the last byte of this request.
        case withThisRequest
        /// Later.
        case later
    }

    /// Where the client goes on.
    package let position: Int64
    /// Bytes in the body, or `nil` where nobody knows before they are there.
    package let contentLength: Int64?
    /// The length of the whole upload, where the request says it.
    package let length: Int64?
    package let ending: Ending
    package let check: ChecksumCheck
    /// Told how many bytes are durable, each time that there are more.
    package let onCommit: (@Sendable (Int64) -> Void)?
    /// Throws if the sender may not add the file any more; asked once its last byte is there.
    package let mayFinish: @Sendable () async throws -> Void
    /// Ends the body, should a newer request come.
    package let preempt: @Sendable () -> Void

    package init(
        position: Int64, contentLength: Int64?, length: Int64? = nil, ending: Ending,
        check: ChecksumCheck = ChecksumCheck(), onCommit: (@Sendable (Int64) -> Void)? = nil,
        mayFinish: @escaping @Sendable () async throws -> Void, preempt: @escaping @Sendable () -> Void
    ) {
        self.position = position
        self.contentLength = contentLength
        self.length = length
        self.ending = ending
        self.check = check
        self.onCommit = onCommit
        self.mayFinish = mayFinish
        self.preempt = preempt
    }
}

/// How a request to append ended.
package enum AppendOutcome: Sendable {
    /// More is to come; the bytes before `offset` are durable.
    case receiving(offset: Int64)
    case finished(UploadOutcome)
}
