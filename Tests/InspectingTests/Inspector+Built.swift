import Inspecting
import Sealing
import SystemPackage
import TestSupport

extension Inspector {
    /// One with the programs that were built with the tests, but for those that are named.
    init(
        keyring: Keyring, executable: FilePath = BuildProducts.path(of: "keepsake-inspector"),
        recordings: FilePath = BuildProducts.path(of: "keepsake-recording-inspector"),
        timeLimit: Duration = .seconds(30)
    ) {
        self.init(executable: executable, recordings: recordings, keyring: keyring, timeLimit: timeLimit)
    }
}
