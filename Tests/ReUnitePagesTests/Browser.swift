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

    func get(_ path: String, cookie: String? = nil, host: String? = nil) async throws -> Page {
        var headers: HTTPFields = [.connection: "keep-alive"]
        if let cookie { headers[.cookie] = cookie }
        let response = try await client.execute(
            TestClient.Request(path, method: .get, authority: host ?? "127.0.0.1:\(port)", headers: headers))
        return Page(
            status: response.status.code, headers: response.headers,
            text: response.body.map { String(buffer: $0) } ?? "")
    }

    /// Opens the printed address. Returns the cookie, as it is sent back.
    func signIn() async throws -> String {
        let page = try await get(start)
        let cookie = try #require(page.headers[.setCookie])
        return try #require(cookie.split(separator: ";").first.map(String.init))
    }

    /// Serves a replica's pages for as long as the body runs.
    static func visit(_ replica: Replica, _ body: @Sendable (Browser) async throws -> Void) async throws {
        let (addresses, printed) = AsyncStream<String>.makeStream()
        let serving = Task(executorPreference: OwnThreads.servers) {
            defer { printed.finish() }
            try await DeskServer(
                replica: replica, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            .run(host: "127.0.0.1", port: 0) { printed.yield($0) }
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
