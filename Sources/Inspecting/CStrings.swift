internal import Glibc

/// Words as C programs get them, for as long as this lives.
final class CStrings {
    /// Ends with a null pointer.
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ words: [String]) { pointers = words.map { strdup($0) } + [nil] }

    deinit {
        for pointer in pointers { free(pointer) }
    }
}
