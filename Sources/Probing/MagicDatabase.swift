internal import CMagic

/// An open libmagic database.
///
/// Owns one `magic_t`, which closes when it goes out of scope. libmagic keeps
/// state in it: one for each thread.
///
/// Source: `man 3 libmagic`.
package struct MagicDatabase: ~Copyable {
    private let cookie: magic_t

    /// Bytes at the beginning of a file that libmagic looks at.
    package static let prefixSize = 1 << 20

    /// Loads the system's database. To be done before the process confines itself.
    package init() throws(ProbeError) {
        guard let cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR)
        else { throw .library("libmagic cannot be opened") }
        guard magic_load(cookie, nil) == 0 else {
            let reason = Self.message(of: cookie)
            magic_close(cookie)
            throw .library("libmagic cannot load its database: \(reason)")
        }
        self.cookie = cookie
    }

    deinit { magic_close(cookie) }

    /// The MIME type of bytes from the beginning of a file.
    package func mimeType(of bytes: [UInt8]) throws(ProbeError) -> String {
        guard let text = bytes.withUnsafeBytes({ magic_buffer(cookie, $0.baseAddress, $0.count) }) else {
            throw .library("libmagic: \(Self.message(of: cookie))")
        }
        return String(cString: text)
    }

    /// The library's version, such as `544`.
    package static var version: String { String(magic_version()) }

    private static func message(of cookie: magic_t) -> String {
        magic_error(cookie).map { String(cString: $0) } ?? "no reason given"
    }
}

/// Why there is no report.
package enum ProbeError: Error, Hashable {
    /// A library could not do its work.
    case library(String)
    /// It may be a recording, and nothing opens one here.
    case needsPlayer
}
