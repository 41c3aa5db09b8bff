internal import Artefacts
internal import DurableFiles
package import FoundationEssentials
package import Sealing
package import SystemPackage

/// Small sealed files beside the blobs, which tell what the index tells.
///
/// `<kind>/<last two characters of the name>/<name>.json`, sealed like blobs.
/// Each is replaced as a whole.
package struct RecordStore: Sendable {
    private let root: FilePath
    private let keyring: Keyring

    private static let suffix = ".json"
    private static let largest = 16 << 20

    /// Uses `root`, which is made when the first record is written.
    package init(root: FilePath, keyring: Keyring) {
        self.root = root
        self.keyring = keyring
    }

    /// A record's place.
    package struct Name: Hashable, Sendable {
        /// What it is of, such as `artefact`.
        package let kind: String
        /// The identifier of the thing.
        package let id: String

        package init(kind: String, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    /// Writes records; all are durable on return.
    ///
    /// Order: each sealed into a file beside its name, synced → renamed → each
    /// folder synced, once for all records in it. After a crash each record is
    /// the old one or the new one.
    package func write(_ records: [(name: Name, plain: [UInt8])]) async throws(RecordStoreError) {
        try await perform {
            var folders: Set<FilePath> = []
            for record in records {
                let path = path(of: record.name)
                let folder = path.removingLastComponent()
                if folders.insert(folder).inserted { try Directory.create(folder) }
                try DurableFile.stage(Array(SegmentSealer.file(record.plain, with: keyring.current)), for: path)
            }
            for folder in folders { try Directory.sync(folder) }
        }
    }

    /// The names of all records of a kind, sorted.
    package func names(of kind: String) async throws(RecordStoreError) -> [Name] {
        let folder = root.appending(kind)
        return try await perform {
            guard DurableFile.exists(folder) else { return [] }
            var ids: [String] = []
            for shard in try Directory.names(in: folder) {
                for file in try Directory.names(in: folder.appending(shard)) where file.hasSuffix(Self.suffix) {
                    ids.append(String(file.dropLast(Self.suffix.count)))
                }
            }
            return ids.sorted().map { Name(kind: kind, id: $0) }
        }
    }

    /// The plain bytes of a record, all of them authenticated.
    ///
    /// - Throws: `.damaged` if it is not what was written, or not there.
    package func read(_ name: Name) async throws(RecordStoreError) -> [UInt8] {
        guard let plain = try await find(name) else { throw .damaged(name) }
        return plain
    }

    /// Does the same, and answers `nil` where there is none.
    package func find(_ name: Name) async throws(RecordStoreError) -> [UInt8]? {
        let path = path(of: name)
        return try await perform {
            guard let file = try OpenFile(reading: path) else { return nil }
            do {
                let sealed = try SealedReader(file, keyring: keyring)
                guard sealed.size <= Self.largest else { throw RecordStoreError.damaged(name) }
                var plain: [UInt8] = []
                try sealed.read(0..<sealed.size) { plain.append(contentsOf: $0) }
                return plain
            } catch is SealedFileError {
                throw RecordStoreError.damaged(name)
            }
        }
    }

    /// When a record was last written; `nil` where there is none.
    package func writtenAt(_ name: Name) async throws(RecordStoreError) -> Date? {
        let path = path(of: name)
        return try await perform { try FileStatus(of: path)?.changedAt }
    }

    /// Takes a record away for good; one that is not there is not an error.
    package func remove(_ name: Name) async throws(RecordStoreError) {
        let path = path(of: name)
        try await perform { try DurableFile.removeDurably(path) }
    }

    private func path(of name: Name) -> FilePath {
        root.appending(name.kind).appending(String(name.id.suffix(2))).appending(name.id + Self.suffix)
    }

    private func perform<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(RecordStoreError) -> Value {
        do {
            return try await blocking(work)
        } catch let error as RecordStoreError {
            throw error
        } catch {
            throw .file(reason: "\(error)")
        }
    }
}

/// Why a record could not be written or read.
package enum RecordStoreError: Error, Hashable {
    case damaged(RecordStore.Name)
    /// `reason` is for the log, never for a client.
    case file(reason: String)
}
