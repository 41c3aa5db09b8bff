package import Sealing

/// What a process does that was forked for one file.
///
/// Made once, before the first fork, with everything loaded that a confined
/// process cannot open any more; without threads, which a fork does not copy.
package protocol ForkedWork: ~Copyable {
    /// Reads the sealed file on standard input and answers on standard output.
    ///
    /// The process is confined, has no log, and ends with what is returned.
    borrowing func run(dataKey: SecretKey, order: [UInt8]) -> Int32
}
