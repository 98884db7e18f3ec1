import NIOSSL
import ReUniteSync

/// The certificate and the private key that a hub proves its name with.
public struct ServerIdentity: Hashable, Sendable {
    /// Files in PEM: the certificate with those between it and its authority, and the key.
    public var certificatePath: String
    public var keyPath: String

    public init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }

    /// - Throws: ``Failure`` (configuration) when a file is not what it must be.
    func configuration() throws -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
        } catch {
            throw ServerIdentity.unusable("\(certificatePath) holds no certificate in PEM", "--tls-certificate")
        }
        do {
            let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            // Old machines in offices speak 1.2; nothing older.
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        } catch {
            throw ServerIdentity.unusable("\(keyPath) holds no private key in PEM", "--tls-key")
        }
    }

    private static func unusable(_ why: String, _ option: String) -> Failure {
        Failure(.configuration, what: "Serving", why: why, remedy: "Give the right file with \(option)")
    }
}
