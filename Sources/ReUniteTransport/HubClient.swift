import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import ReUniteSync

/// A hub over HTTP/1.1: bounded bodies of known length, clear failures, and what has come is never lost.
public struct HubClient: Sendable {
    private let base: String
    private let client: HTTPClient
    private let configuration: HTTPClient.Configuration
    private let other: OtherScheme
    /// How long a line may be silent in the middle of an exchange, in seconds.
    private static let silence: Int64 = 75

    /// - Parameters:
    ///   - url: the hub's address, `http://…` or `https://…`.
    ///   - authorities: a file of certificates in PEM to trust instead of the system's.
    ///   - environment: where to look for `https_proxy` and its like; nil for the process's.
    /// - Throws: ``Failure`` (usage) when the address is none, (configuration) when the file cannot be used.
    public init(
        url: String, authorities: String? = nil,
        environment: [String: String]? = nil
    ) throws {
        let (scheme, host) = try HubClient.parts(of: url)
        base = try HubClient.checked(url)
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(20), read: .seconds(HubClient.silence))
        configuration.redirectConfiguration = .disallow
        // Whoever waits for the hub does so by its own patience.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let authorities {
            var tls = TLSConfiguration.makeClientConfiguration()
            let roots = (try? NIOSSLCertificate.fromPEMFile(authorities)) ?? []
            tls.trustRoots = .certificates(roots)
            guard !roots.isEmpty else {
                throw Failure(
                    .configuration, what: "Reaching the hub", why: "\(authorities) holds no certificates in PEM",
                    remedy: "Give the file of the authority that signs the hub's or the proxy's certificate with --ca")
            }
            configuration.tlsConfiguration = tls
        }
        let variables = environment ?? ProcessInfo.processInfo.environment
        if let proxy = WebProxy(scheme: scheme, host: host, environment: variables) {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.user.map { .basic(username: $0.name, password: $0.password) })
        }
        client = HTTPClient(configuration: configuration)
        self.configuration = configuration
        other = OtherScheme(base: base)
    }

    private static func parts(of url: String) throws -> (scheme: String, host: String) {
        guard let parsed = URL(string: url), let scheme = parsed.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parsed.host, parsed.query == nil
        else {
            throw Failure(
                .usage, what: "Reaching the hub", why: "its address is not a web address",
                remedy: "Give it as http://host:port or https://host")
        }
        return (scheme, host)
    }

    /// A hub's address without a slash at its end.
    ///
    /// - Throws: ``Failure`` (usage) when it is no web address.
    public static func checked(_ url: String) throws -> String {
        _ = try parts(of: url)
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// What came back.
    public struct Reply: Sendable {
        public var status: Int
        public var body: [UInt8]
        /// How long the hub asks to wait, in milliseconds.
        public var retryAfter: Int64?
        /// Whether it is a page for people, or nothing at all: a network that wants somebody to sign in answers so for
        /// everybody. A hub never does.
        var isPage = false
    }

    /// Whether anything has answered under the address so far.
    public var wasReached: Bool { other.wasHeard }

    /// The hub could not be reached, or the line broke before all of the answer had come.
    struct Unreached: Error {
        var failure: Failure
    }

    /// One exchange.
    ///
    /// - Parameters:
    ///   - path: begins with a slash; no query.
    ///   - limit: the most bytes that an answer may have.
    /// - Throws: ``Failure`` (badData) for a longer answer, (tryLater) when the hub cannot be reached or the connection
    ///   breaks, (unavailable) where the address says `http` of a hub that speaks TLS, or the other way round.
    public func exchange(
        method: String, path: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        answerLimit limit: Int = DecodeLimits.messageBytes
    ) async throws -> Reply {
        do {
            return try await exchangeOnce(
                method: method, path: path, headers: headers, body: body, answerLimit: limit)
        } catch let unreached as Unreached {
            throw unreached.failure
        }
    }

    /// Asks whether a hub answers under the address.
    ///
    /// - Throws: ``Failure`` (tryLater) where nothing does.
    public func checkHealth() async throws {
        let reply = try await exchange(method: "GET", path: "/v1/health")
        if let failure = reply.failure(what: "Reaching the hub") { throw failure }
    }

    /// Where an answer goes piece by piece as it arrives, if the status is 200.
    struct Sink {
        /// The most bytes; what is beyond is not read.
        var limit: Int
        var take: ([UInt8]) throws -> Void
    }

    /// One exchange.
    ///
    /// - Throws: ``Unreached``; ``Failure`` (unavailable) as ``exchange(method:path:headers:body:answerLimit:)``; whatever
    ///   the sink throws.
    func exchangeOnce(
        method: String, path: String, headers: [(name: String, value: String)], body: [UInt8],
        answerLimit limit: Int = DecodeLimits.messageBytes, sink: Sink? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: .hours(2))
        } catch {
            // It would say the same tomorrow: nobody tries that again.
            if let failure = await other.failure(after: error, configuration) { throw failure }
            throw unreached(error)
        }
        other.heard()
        var reply = Reply(status: Int(response.status.code), body: [], retryAfter: HubClient.wish(response.headers))
        let type = response.headers.first(name: "Content-Type")?.lowercased()
        reply.isPage = type?.hasPrefix("text/html") == true
        var parts = response.body.makeAsyncIterator()
        var taken = 0
        while true {
            let part: ByteBuffer?
            do {
                part = try await parts.next()
            } catch {
                throw unreached(error)
            }
            guard let part else {
                if type == nil && taken == 0 && reply.body.isEmpty { reply.isPage = true }
                return reply
            }
            if let sink, reply.status == 200, !reply.isPage {
                let wanted = part.readableBytesView.prefix(sink.limit - taken)
                if !wanted.isEmpty { try sink.take(Array(wanted)) }
                taken += wanted.count
                guard wanted.count == part.readableBytes else { return reply }
                continue
            }
            guard reply.body.count + part.readableBytes <= limit else {
                throw Failure(
                    .badData, what: "Reading the answer", why: "it is larger than an answer can be",
                    remedy: "Check the hub's address")
            }
            reply.body += part.readableBytesView
        }
    }

    private static func wish(_ headers: HTTPHeaders) -> Int64? {
        guard let text = headers.first(name: "Retry-After"), let seconds = Int64(text), seconds >= 0 else { return nil }
        return min(seconds, 86_400) * 1_000
    }

    public func close() async {
        try? await client.shutdown()
    }

    /// The path that a request to this hub has on the wire, for its signature.
    public func path(_ path: String) -> String {
        let prefix = URL(string: base)?.path ?? ""
        return prefix == "/" ? path : prefix + path
    }

    private func unreached(_ error: any Error) -> Unreached {
        Unreached(
            failure: Failure(
                .tryLater, what: "Reaching the hub", why: "no answer from \(base) (\(HubClient.cause(of: error)))",
                remedy: "Try again when there is a connection; nothing was lost"))
    }

    private static var today: String { Date().formatted(.iso8601.year().month().day()) }

    private static func cause(of error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: "it took too long to connect"
        case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded: "it took too long"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "the connection was closed"
        case is NIOConnectionError: "the connection was refused"
        case is NIOSSLError, is NIOSSLExtraError:
            "its certificate is not trusted, is for another name, or is not good on \(today), the day that this machine's clock "
                + "shows: look at the clock first"
        default: "the connection failed"
        }
    }
}

extension HubClient.Reply {
    /// The failure that the hub told, when this is one.
    ///
    /// - Parameter what: what was being done, for an answer that is not the hub's.
    func failure(what: String) -> Failure? {
        // A page that says 404 comes from a web server, which will say so tomorrow too.
        if status == 200 && isPage || (300..<400).contains(status) || status == 407 || status == 511 {
            return Failure(
                .tryLater, what: what, why: "a page of the network answered, not the hub (status \(status))",
                remedy:
                    "Sign in to the Wi-Fi with a web browser, or name the office's proxy in https_proxy, then try again; "
                    + "nothing was lost")
        }
        guard status != 200 else { return nil }
        struct Shape: Decodable {
            struct Error: Decodable {
                var code: String
                var what: String
                var why: String
                var `do`: String
            }
            var error: Error
        }
        // An older hub calls it a fault of the device's disk.
        if status == 507 { return .hubsDisk }
        if let told = try? JSONDecoder().decode(Shape.self, from: Data(body)).error,
            let code = Failure.Code.allCases.first(where: { $0.word == told.code })
        {
            return Failure(code, what: told.what, why: told.why, remedy: told.do)
        }
        if status >= 500 || status == 429 || status == 408 {
            return Failure(
                .tryLater, what: what, why: "the hub is not available now (status \(status))", remedy: "Try again later"
            )
        }
        return Failure(
            .unavailable, what: what, why: "what answered is not a ReUnite Sync hub (status \(status))",
            remedy: "Check the hub's address")
    }
}
