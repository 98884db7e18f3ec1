import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
public import ReUniteSync

/// A hub over HTTP: one kept-alive connection, bounded bodies, clear failures.
public struct HubClient: Sendable {
    private let base: String
    private let client: HTTPClient
    /// How long one exchange may take, in seconds; slow links need minutes for a page.
    private static let exchangeSeconds: Int64 = 600

    /// - Parameter url: the hub's address, `http://…` or `https://…`.
    /// - Throws: ``Failure`` (usage) when it is no such address.
    public init(url: String) throws {
        base = try HubClient.checked(url)
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(120))
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(configuration: configuration)
    }

    /// A hub's address without a slash at its end.
    ///
    /// - Throws: ``Failure`` (usage) when it is no web address.
    public static func checked(_ url: String) throws -> String {
        guard let parsed = URL(string: url), let scheme = parsed.scheme?.lowercased(),
            scheme == "http" || scheme == "https", parsed.host != nil, parsed.query == nil
        else {
            throw Failure(
                .usage, what: "Reaching the hub", why: "its address is not a web address",
                remedy: "Give it as http://host:port or https://host")
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// What came back.
    public struct Reply: Sendable {
        public var status: Int
        public var body: [UInt8]
    }

    /// One exchange.
    ///
    /// - Parameters:
    ///   - path: begins with a slash; no query.
    ///   - limit: the most bytes that an answer may have.
    /// - Throws: ``Failure`` (tryLater) when the hub cannot be reached or the connection breaks.
    public func exchange(
        method: String, path: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        answerLimit limit: Int = DecodeLimits.messageBytes
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "User-Agent", value: "reunite-sync")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(request, timeout: .seconds(HubClient.exchangeSeconds))
            let buffer = try await response.body.collect(upTo: limit)
            return Reply(status: Int(response.status.code), body: Array(buffer.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw Failure(
                .badData, what: "Reading the answer", why: "it is larger than an answer can be",
                remedy: "Check the hub's address")
        } catch {
            throw Failure(
                .tryLater, what: "Reaching the hub", why: "no answer from \(base) (\(HubClient.cause(of: error)))",
                remedy: "Try again when there is a connection; nothing was lost")
        }
    }

    public func close() async {
        try? await client.shutdown()
    }

    /// The path that a request to this hub has on the wire, for its signature.
    public func path(_ path: String) -> String {
        let prefix = URL(string: base)?.path ?? ""
        return prefix == "/" ? path : prefix + path
    }

    private static func cause(of error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: "it took too long to connect"
        case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded: "it took too long"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "the connection was closed"
        case is NIOConnectionError: "the connection was refused"
        default: "the connection failed"
        }
    }
}

extension HubClient.Reply {
    /// The failure that the hub told, when this is one.
    ///
    /// - Parameter what: what was being done, for an answer that is not the hub's.
    func failure(what: String) -> Failure? {
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
