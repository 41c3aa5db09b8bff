internal import Reading

/// Writes a planned copy.
struct CopyWriter {
    let file: FileBytes

    private static let partSize: Int64 = 256 << 10
    private static let zeros = [UInt8](repeating: 0, count: Int(partSize))

    func write(_ plan: CopyPlan, _ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        for part in plan.parts {
            switch part {
            case .original(let range): try copy(range, write)
            case .bytes(let bytes): try bytes.withUnsafeBytes(write)
            case .zeros(let count):
                for start in stride(from: 0, to: count, by: Int(Self.partSize)) {
                    let size = Int(min(Self.partSize, count - start))
                    try Self.zeros.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[..<size])) }
                }
            }
        }
    }

    private func copy(_ range: Range<Int64>, _ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        var scan = ResidueScan()
        var start = range.lowerBound
        while start < range.upperBound {
            // At the segments of the sealed file, so that none is opened twice.
            let size = min(Self.partSize - start % Self.partSize, range.upperBound - start)
            let bytes = try file.exactly(at: start, count: Int(size))
            guard !scan.finds(in: bytes) else { throw StrippingError.residue }
            try bytes.withUnsafeBytes(write)
            start += size
        }
    }
}

extension FileBytes {
    /// So many bytes from `offset` on, and no fewer.
    func exactly(at offset: Int64, count: Int) throws(StrippingError) -> [UInt8] {
        let bytes = read(at: offset, count: count)
        guard bytes.count == count else { throw .unreadable }
        return bytes
    }
}

extension [UInt8] {
    /// The number at `index`, most significant byte first.
    func number<Number: FixedWidthInteger>(
        _ index: Int, as: Number.Type = Number.self
    ) throws(StrippingError) -> Number {
        guard let number = bigEndian(index, as: Number.self) else { throw .notUnderstood("a part that is cut short") }
        return number
    }
}
