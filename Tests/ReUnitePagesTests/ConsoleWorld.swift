import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import Synchronization
import TestSupport
import Testing

@testable import ReUnitePages

/// A hub of the Re-Unite network with one partner, one operator, and its console over a real socket.
final class ConsoleWorld: Sendable {
    static let planted = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

    let folder: TemporaryFolder
    let hub: Hub
    let code: String
    /// The session's clock, in milliseconds.
    let clock = Mutex<Int64>(0)

    /// - Parameter isEmpty: whether no partner has joined yet.
    init(isEmpty: Bool = false) throws {
        folder = try TemporaryFolder()
        let randomness = ScriptedRandomness(seed: 7)
        let network = NetworkSchema(
            migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) }, reference: Schemas.reference)
        hub = try Hub.create(
            folder: folder.file("hub"), name: "Network", network: network, time: ScriptedTime(),
            randomness: randomness.identifier)
        if !isEmpty {
            let name = "Centre \(ConsoleWorld.planted)"
            _ = try hub.addPartner(code: "SRY", name: name) {
                try Partners.add(id: $1, code: "SRY", name: name, area: "SRY", type: nil, in: $0)
            }
            _ = try hub.invite(partner: "SRY", name: "Laptop \(ConsoleWorld.planted)", role: "office", hours: 24)
        }
        code = try hub.admit(operator: "Ruth").code
    }

    func entries(_ kind: AuditKind) throws -> [AuditRecord] {
        try hub.auditEntries(kind: kind).compactMap(\.record)
    }

    /// Serves the console for as long as the body runs.
    ///
    /// - Parameter adding: more pages, behind the same doors.
    func visit(
        adding more: @escaping @Sendable (Router<PageContext>) -> Void = { _ in },
        _ body: @Sendable (ConsoleBrowser) async throws -> Void
    ) async throws {
        let session = ConsoleSession(clock: { self.clock.withLock { $0 } })
        let console = Console(session: session, open: { self.hub })
        let (addresses, printed) = AsyncStream<String>.makeStream()
        let serving = Task(executorPreference: OwnThreads.servers) {
            let router = console.router()
            more(router)
            defer { printed.finish() }
            try await PageServer(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
                .run(router, host: "127.0.0.1", port: 0) { printed.yield($0) }
        }
        defer { serving.cancel() }
        var address: String?
        for await url in addresses {
            address = url
            break
        }
        let port = try #require(address?.split(separator: ":").last.flatMap { Int($0) })
        let client = TestClient(host: "127.0.0.1", port: port, configuration: .init(timeout: .seconds(300)))
        client.connect()
        do {
            try await body(ConsoleBrowser(client: client, port: port, start: Console.startPath + session.startToken))
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }
}

/// A browser of a few lines.
struct ConsoleBrowser: Sendable {
    let client: TestClient
    let port: Int
    let start: String

    func ask(
        _ path: String, _ form: [String: String]? = nil, cookie: String? = nil, host: String? = nil,
        _ more: [(String, String)] = []
    ) async throws -> (status: Int, headers: HTTPFields, text: String) {
        var headers: HTTPFields = [.connection: "keep-alive"]
        if let cookie { headers[.cookie] = cookie }
        for (name, value) in more { if let name = HTTPField.Name(name) { headers[name] = value } }
        var body: ByteBuffer?
        if let form {
            headers[.contentType] = "application/x-www-form-urlencoded"
            body = ByteBuffer(
                string: form.map { "\($0)=\($1.replacing(" ", with: "+"))" }.joined(separator: "&"))
        }
        let response = try await client.execute(
            TestClient.Request(
                path, method: form == nil ? .get : .post, authority: host ?? "127.0.0.1:\(port)", headers: headers,
                body: body))
        return (response.status.code, response.headers, response.body.map { String(buffer: $0) } ?? "")
    }

    /// Opens the printed address. Returns the cookie, as it is sent back.
    func open() async throws -> String {
        let cookie = try #require(try await ask(start).headers[.setCookie])
        return try #require(cookie.split(separator: ";").first.map(String.init))
    }

    /// What every form of this session carries.
    func token(_ cookie: String) -> String {
        PageSecret.formToken(of: String(cookie.split(separator: "=").last ?? ""))
    }

    /// Opens the pages and signs in. Returns the cookie.
    func signIn(_ world: ConsoleWorld) async throws -> String {
        let cookie = try await open()
        let answer = try await ask(
            "/sign-in", ["name": "Ruth", "code": world.code, "form_token": token(cookie)], cookie: cookie)
        #expect(answer.status == 303 && answer.headers[.location] == "/")
        return cookie
    }
}
