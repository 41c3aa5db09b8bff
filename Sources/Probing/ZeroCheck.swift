internal import Reading

/// Whether there is nothing in a file but zeros, as where only its size was copied.
///
/// Said of a file only once all of it was read, so never of one that is large.
struct ZeroCheck {
    let isAllZeros: Bool

    /// Most bytes that are read for it.
    private static let maximumSize: Int64 = 64 << 20
    private static let chunk = 1 << 20

    init(_ file: FileBytes) {
        guard file.size <= Self.maximumSize, file.read(at: 0, count: 4096).allSatisfy({ $0 == 0 }) else {
            isAllZeros = false
            return
        }
        isAllZeros = stride(from: 0, to: file.size, by: Self.chunk).allSatisfy { position in
            let piece = file.read(at: position, count: Self.chunk)
            return !piece.isEmpty && piece.allSatisfy { $0 == 0 }
        }
    }
}
