internal import Artefacts
internal import Sealing

extension FileBytes {
    /// Bytes that are sealed in memory, with a key that is forgotten: what programs try themselves on.
    package init?(sealing plain: [UInt8]) {
        var sealer = SegmentSealer(FileCipher(newFileWith: .random()))
        var file = Array(sealer.cipher.header.bytes)
        plain.withUnsafeBytes { sealer.take($0) { segment, _ in file += segment } }
        file += sealer.end(Digester.digest(of: plain)).bytes
        try? self.init(size: Int64(file.count), dataKey: sealer.cipher.dataKey) { [file] position, buffer in
            let rest = file.dropFirst(Int(position)).prefix(buffer.count)
            buffer.copyBytes(from: rest)
            return rest.count
        }
    }
}
