import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ReUniteSync
import Synchronization

/// Finds out that a hub's address begins with the wrong word: `https` where the hub speaks plain HTTP, or the other way
/// round. Either end then breaks off before it has said anything that would tell.
///
/// Only whether a hub is there is asked, and nothing of what comes is believed but for the words of a failure.
final class OtherScheme: Sendable {
    /// The same host and port, spoken to the other way; nil where the address cannot be changed so.
    let address: String?
    private let isSecure: Bool
    private let isSettled = Mutex(false)
    private let isHeard = Mutex(false)

    /// How long an answer is waited for, in seconds.
    private static let patience: Int64 = 10

    /// - Parameter base: the address that was given.
    init(base: String) {
        var parts = URLComponents(string: base)
        isSecure = parts?.scheme?.lowercased() == "https"
        // The port of the one is seldom that of the other.
        if parts?.port == nil { parts?.port = isSecure ? 443 : 80 }
        parts?.scheme = isSecure ? "http" : "https"
        address = parts?.string
    }

    /// The hub has answered as it was spoken to: from now on a line that breaks is a line that breaks.
    func heard() {
        isSettled.withLock { $0 = true }
        isHeard.withLock { $0 = true }
    }

    /// Whether anything has answered.
    var wasHeard: Bool { isHeard.withLock { $0 } }

    /// What to say where a hub answers the other way; nil where none does, or something was heard or asked before.
    ///
    /// - Parameters:
    ///   - error: with which the exchange ended.
    ///   - configuration: how the hub is reached.
    func failure(after error: any Error, _ configuration: HTTPClient.Configuration) async -> Failure? {
        guard let address, OtherScheme.isBrokenOff(error) else { return nil }
        let isFirst = isSettled.withLock { settled in
            defer { settled = true }
            return !settled
        }
        guard isFirst, await answers(address, configuration) else { return nil }
        return Failure(
            .unavailable, what: "Reaching the hub",
            why: isSecure
                ? "the address begins with https, and the hub there speaks plain HTTP"
                : "the address begins with http, and the hub there speaks TLS",
            remedy: "Use \(address) if the hub's operator says the same ('join' or 'sync --hub')")
    }

    /// Whether somebody was there and did not go on.
    private static func isBrokenOff(_ error: any Error) -> Bool {
        switch error {
        case is NIOConnectionError, is CancellationError: false
        case let error as HTTPClientError:
            ![.connectTimeout, .readTimeout, .deadlineExceeded, .cancelled].contains(error)
        default: true
        }
    }

    private func answers(_ address: String, _ given: HTTPClient.Configuration) async -> Bool {
        var configuration = given
        configuration.timeout = .init(
            connect: .seconds(OtherScheme.patience), read: .seconds(OtherScheme.patience))
        // Whose certificate it is matters to whoever sends something.
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        configuration.tlsConfiguration = tls
        let client = HTTPClient(configuration: configuration)
        let request = HTTPClientRequest(url: address + "/v1/health")
        var isHub = false
        if let response = try? await client.execute(request, timeout: .seconds(OtherScheme.patience)),
            response.status == .ok, let body = try? await response.body.collect(upTo: 64)
        {
            isHub = body.readableBytesView.elementsEqual("ok\n".utf8)
        }
        try? await client.shutdown()
        return isHub
    }
}
