internal import Glibc

/// A confinement that the system did not grant; the process must not go on.
package struct ConfinementError: Error, CustomStringConvertible {
    let part: String
    let errno: Int32

    package var description: String { "the process could not be confined (\(part)): error \(errno)" }

    /// Takes the result of a system call, which is negative where it failed.
    static func check(_ result: Int32, _ part: String) throws(ConfinementError) {
        guard result >= 0 else { throw ConfinementError(part: part, errno: Glibc.errno) }
    }
}
