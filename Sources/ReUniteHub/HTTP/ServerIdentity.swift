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
        guard !chain.isEmpty else {
            throw ServerIdentity.unusable("\(certificatePath) holds no certificate in PEM", "--tls-certificate")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
        } catch {
            throw ServerIdentity.unusable("\(keyPath) holds no private key in PEM", "--tls-key")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        // Old machines in offices speak 1.2; nothing older.
        configuration.minimumTLSVersion = .tlsv12
        do {
            // Whoever serves makes one of its own, and would say only that it failed.
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerIdentity.unusable(
                "the key in \(keyPath) does not belong to the certificate in \(certificatePath)", "--tls-key")
        }
        return configuration
    }

    private static func unusable(_ why: String, _ option: String) -> Failure {
        Failure(.configuration, what: "Serving", why: why, remedy: "Give the right file with \(option)")
    }
}
