internal import NIOSSL

/// The files of a certificate, in PEM.
package struct TLSFiles: Hashable, Sendable {
    /// The certificate, and those that vouch for it.
    package let certificate: String
    package let privateKey: String

    package init(certificate: String, privateKey: String) {
        self.certificate = certificate
        self.privateKey = privateKey
    }

    /// Speaks HTTP/2 and HTTP/1.1, whichever the client likes better.
    ///
    /// - Throws: if a file cannot be read, or holds something else.
    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: privateKey, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
