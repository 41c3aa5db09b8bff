internal import Artefacts
internal import Linking
internal import NIOCore
internal import Storing

/// Brings the bytes of artefacts from the store into a bag, checked against their digests.
struct OriginalCopier {
    let blobs: any BlobStore

    /// Bytes read at once, which bounds the memory that is used.
    private static let chunkSize: Int64 = 1 << 20

    /// Copies what can be copied, in the order of the items.
    func copy(
        _ items: [TimelineItem], into bag: inout BagWriter, progress: @Sendable (Int64) -> Void
    ) async throws -> [Original] {
        var originals: [Original] = []
        var behind: Int64 = 0
        for item in items {
            let absence = try await copy(item, into: &bag) { progress(behind + $0) }
            behind += item.artefact.size
            progress(behind)
            originals.append(Original(item, absence: absence))
        }
        return originals
    }

    /// Errors of the store are answers; those of the bag's own disk are thrown.
    private func copy(
        _ item: TimelineItem, into bag: inout BagWriter, progress: (Int64) -> Void
    ) async throws -> Absence? {
        let artefact = item.artefact
        let blob: any BlobReader
        do {
            guard let found = try await blobs.open(artefact.digest) else { return .missing }
            blob = found
        } catch {
            return Absence(error)
        }
        guard blob.size == artefact.size else { return .damaged }
        var file = try await bag.begin(Original.path(of: item.entry, artefact))
        if let absence = try await copy(blob, into: &file, progress) ?? file.absence(for: artefact.digest) {
            try await bag.abandon(file)
            return absence
        }
        try await bag.keep(file)
        return nil
    }

    private func copy(
        _ blob: any BlobReader, into file: inout BagFile, _ progress: (Int64) -> Void
    ) async throws -> Absence? {
        while file.size < blob.size {
            let bytes: ByteBuffer
            do {
                bytes = try await blob.read(file.size..<min(file.size + Self.chunkSize, blob.size))
            } catch {
                return Absence(error)
            }
            try await file.append(bytes)
            progress(file.size)
        }
        return nil
    }
}

extension BagFile {
    /// Whether these are other bytes than those of that digest.
    fileprivate func absence(for digest: Digest) -> Absence? { self.digest == digest ? nil : .damaged }
}

extension Absence {
    fileprivate init(_ error: BlobStoreError) {
        self =
            switch error {
            case .missing: .missing
            case .damaged, .sizeMismatch: .damaged
            default: .unreadable
            }
    }
}
