internal import Artefacts
internal import DurableFiles
package import FoundationEssentials
package import SystemPackage

extension Inspector {
    /// Looks at a file that is in no store.
    ///
    /// It is sealed for that: in memory, or where it is large in a temporary
    /// file without a name.
    ///
    /// - Throws: `Errno` if the file cannot be read, or not be sealed; `Errno.noSuchAddressOrDevice` for what is no file.
    package func examine(plain path: FilePath, receivedAt: Date) async throws -> Inspection {
        let copy = try await blocking { [keyring] in
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            defer { try? file.close() }
            return try SealedCopy(reading: file, with: keyring)
        }
        guard copy.size > 0 else {
            return Inspection(report: nil, decision: nil, finding: .empty(receivedAt: receivedAt))
        }
        let name = FileName(declared: path.lastComponent?.string ?? path.string)
        let inspection = await examine(copy.path, clues: CaptureClues(fileName: name, receivedAt: receivedAt))
        withExtendedLifetime(copy) {}
        return inspection
    }
}
