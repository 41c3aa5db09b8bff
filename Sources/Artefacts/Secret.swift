/// Unguessable text for capabilities and tokens.
package enum Secret {
    /// `count` bytes from the system's generator as lower-case hexadecimal.
    ///
    /// Source: `SystemRandomNumberGenerator` is getrandom(2) on Linux.
    package static func random(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.encode((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
