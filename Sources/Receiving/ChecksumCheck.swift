package import NIOCore

/// Whether the bytes of one request hash to what its client says, before or
/// after them.
///
/// Bytes that are checked are provisional: nothing of them is kept until all
/// of them are there and right.
///
/// Source: tus 1.0.0, extensions "checksum" and "checksum-trailer"; RFC 9530,
/// section 3.
package struct ChecksumCheck: Sendable {
    /// What comes behind the bytes; `nil` where none was promised.
    package typealias Trailer = @Sendable () async throws -> [Checksum]

    private let promised: [Checksum]
    private let trailer: Trailer?
    private var running: [Checksum.Algorithm: Checksummer]

    /// - Parameters:
    ///   - promised: what came before the bytes.
    ///   - trailing: algorithms that what comes behind the bytes may use.
    ///   - trailer: fetches that, once the bytes are all there.
    package init(_ promised: [Checksum] = [], trailing: [Checksum.Algorithm] = [], trailer: Trailer? = nil) {
        self.promised = promised
        self.trailer = trailer
        let algorithms = Set(promised.map(\.algorithm) + (trailer == nil ? [] : trailing))
        running = Dictionary(uniqueKeysWithValues: algorithms.map { ($0, Checksummer($0)) })
    }

    var isProvisional: Bool { !running.isEmpty }

    package mutating func take(_ buffer: ByteBuffer) {
        for algorithm in running.keys {
            buffer.withUnsafeReadableBytes { running[algorithm]?.update($0) }
        }
    }

    /// Compares, once the bytes are all there.
    ///
    /// - Throws: ``UploadRefusal/checksumMismatch``, or
    ///   ``UploadRefusal/checksumMissing`` where one was promised and did not come.
    package func end() async throws {
        var expected = promised
        if let trailer {
            let trailing = try await trailer()
            guard !trailing.isEmpty else { throw UploadRefusal.checksumMissing }
            expected += trailing
        }
        for checksum in expected where running[checksum.algorithm]?.checksum != checksum {
            throw UploadRefusal.checksumMismatch
        }
    }
}
