package import Artefacts
internal import FoundationEssentials
internal import Sealing

extension Inspector {
    /// Why a file that begins like this will be refused; `nil` if that cannot
    /// be said yet.
    ///
    /// An inspector is only asked where the beginning or the name is one that
    /// is refused: to compare the first bytes is not to understand them. Of all
    /// other files no more than these is held, however many come at once.
    ///
    /// - Parameter head: reads so many of the first bytes, 64 KiB at most.
    /// - Throws: what reading throws.
    package func refusal(
        of head: (_ count: Int) async throws -> [UInt8], named name: FileName, declared: MediaType?
    ) async throws -> Finding? {
        let policy = policy.policy
        let beginning = try await head(Self.longestBeginning)
        guard policy.mayRefuse(name) || Self.beginnings.contains(where: { beginning.starts(with: $0) }) else {
            return nil
        }
        let bytes = try await head(Self.headSize)
        guard let file = try? SealedCopy(of: bytes, with: keyring),
            case .success(let report) = await report(on: file.path)
        else { return nil }
        withExtendedLifetime(file) {}
        let verdict = Verdict(
            report, clues: CaptureClues(fileName: name, receivedAt: Date()), zone: .unitedKingdom, by: policy)
        let finding = verdict.finding
        return finding.state == .refused && verdict.isSureFromTheBeginning ? finding : nil
    }

    private static let headSize = 64 << 10
    private static let longestBeginning = beginnings.map(\.count).max() ?? 0

    /// How executables of Windows, Linux and macOS, scripts, and shortcuts begin.
    private static let beginnings: [[UInt8]] = [
        Array("MZ".utf8), [0x7F] + Array("ELF".utf8), Array("#!".utf8), [0xFE, 0xED, 0xFA], [0xCE, 0xFA, 0xED, 0xFE],
        [0xCF, 0xFA, 0xED, 0xFE], [0xCA, 0xFE, 0xBA, 0xBE], [0x4C, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00],
    ]
}
