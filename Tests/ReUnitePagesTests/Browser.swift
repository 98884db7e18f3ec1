import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import ReUnitePages
import ReUniteReplica
import TestSupport
import Testing

/// A browser of a few lines, with the desk that it visits over a real socket.
struct Browser: Sendable {
    struct Page: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String
    }

    let client: TestClient
    let port: Int
    /// The path of the printed address.
    let start: String

    /// A page without what stands in an element that keeps its own direction, and in what no element can stand in.
    static func withoutData(_ html: String) -> String {
        html.replacing(#/<bdi>[^<]*<\/bdi>/#, with: "").replacing(
            #/<(option|textarea|text|desc|title)[^>]*>[^<]*</#, with: "<"
        )
        .replacing(#/="[^"]*"/#, with: "")
    }

    func get(_ path: String, cookie: String? = nil, host: String? = nil) async throws -> Page {
        var headers: HTTPFields = [.connection: "keep-alive"]
        if let cookie { headers[.cookie] = cookie }
        let response = try await client.execute(
            TestClient.Request(path, method: .get, authority: host ?? "127.0.0.1:\(port)", headers: headers))
        return Page(
            status: response.status.code, headers: response.headers,
            text: response.body.map { String(buffer: $0) } ?? "")
    }

    /// Sends a form as a page of this desk would.
    ///
    /// - Parameters:
    ///   - page: where the form is, for its hidden fields; nil to send the fields alone.
    func post(
        _ path: String, _ fields: [(String, String)], from page: String? = nil, cookie: String? = nil,
        host: String? = nil, headers extra: [(String, String)] = [], type: String = "application/x-www-form-urlencoded"
    ) async throws -> Page {
        var fields = fields
        if let page {
            let text = try await get(page, cookie: cookie).text
            for hidden in text.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
            where !fields.contains(where: { $0.0 == String(hidden.1) }) {
                fields.append((String(hidden.1), String(hidden.2)))
            }
        }
        var headers: HTTPFields = [.connection: "keep-alive", .contentType: type]
        if let cookie { headers[.cookie] = cookie }
        for (name, value) in extra {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let body = fields.map { "\(Browser.encoded($0.0))=\(Browser.encoded($0.1))" }.joined(separator: "&")
        let response = try await client.execute(
            TestClient.Request(
                path, method: .post, authority: host ?? "127.0.0.1:\(port)", headers: headers,
                body: ByteBuffer(string: body)))
        return Page(
            status: response.status.code, headers: response.headers,
            text: response.body.map { String(buffer: $0) } ?? "")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
            if isPlain { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    /// Opens the printed address. Returns the cookie, as it is sent back.
    func signIn() async throws -> String {
        let page = try await get(start)
        let cookie = try #require(page.headers[.setCookie])
        return try #require(cookie.split(separator: ";").first.map(String.init))
    }

    /// Serves a replica's pages for as long as the body runs.
    static func visit(
        _ replica: Replica, syncing: SyncRunner? = nil, asking: StepAsker? = nil, askingPast: PastAsker? = nil,
        _ body: @Sendable (Browser) async throws -> Void
    ) async throws {
        let server = DeskServer(
            replica: replica, logger: silent, syncing: syncing, asking: asking, askingPast: askingPast)
        try await visit({ try await server.run(host: "127.0.0.1", port: 0, ready: $0) }, body)
    }

    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Visits the pages that something serves.
    static func visit(
        _ serve: @escaping @Sendable (@escaping @Sendable (String) -> Void) async throws -> Void,
        _ body: @Sendable (Browser) async throws -> Void
    ) async throws {
        let (addresses, printed) = AsyncStream<String>.makeStream()
        let serving = Task(executorPreference: OwnThreads.servers) {
            defer { printed.finish() }
            try await serve { printed.yield($0) }
        }
        defer { serving.cancel() }
        var address: String?
        for await url in addresses {
            address = url
            break
        }
        let parts = try #require(address).dropFirst("http://127.0.0.1:".count).split(separator: "/", maxSplits: 1)
        let port = try #require(parts.first.flatMap { Int($0) })
        let client = TestClient(
            host: "127.0.0.1", port: port, configuration: .init(timeout: .seconds(300)))
        client.connect()
        do {
            try await body(Browser(client: client, port: port, start: "/" + (parts.last ?? "")))
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }
}
