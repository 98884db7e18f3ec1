import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import ReUniteReplica
import ReUniteSync
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A hub's face over HTTP/1.1: some routes, each of which calls the hub and says what came of it.
///
/// Bodies are bounded and of known length; nothing streams without end. Requests are signed and bodies sealed to keys
/// that were exchanged at enrolment, so that plain HTTP or a proxy that reads TLS shows metadata and no content
/// (`docs/protocol.md`). Who signed is known before the body is read.
public struct HubServer: Sendable {
    let hub: Hub
    let logger: Logger
    /// Whatever needs the database.
    let worker: HubWorker
    /// What is written while it comes.
    let files = HubWorker(label: "reunite.hub.files")
    let memory = MemoryBudget()
    /// How long a connection may be silent, in the middle of a request too, before it is closed: longer than a client
    /// waits, and than it keeps a connection for its next request.
    private static var line: HTTP1Channel.Configuration { .init(idleTimeout: .seconds(120)) }
    /// How long a hub that was told to stop waits for requests that are still coming in. Without a limit a device
    /// that vanished in the middle of one would keep it from ever stopping; what was acknowledged is on disk already.
    private static let patience: Duration = .seconds(3)
    /// How many connections are open at once; who comes beyond that waits, unanswered, until one is closed.
    public static let connections = 512
    private let connections: Int

    /// - Parameter connections: how many may be open at once, from 1.
    public init(hub: Hub, logger: Logger, connections: Int = HubServer.connections) {
        self.init(hub: hub, logger: logger, worker: HubWorker(), connections: connections)
    }

    init(hub: Hub, logger: Logger, worker: HubWorker, connections: Int = HubServer.connections) {
        self.hub = hub
        self.connections = connections
        self.logger = logger
        self.worker = worker
    }

    /// Serves until the process is told to stop (SIGTERM or SIGINT), then finishes what it has begun.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: 0 picks a free one.
    ///   - identity: what to prove the hub's name with; nil for plain HTTP.
    ///   - ready: called once with the URL, when connections are accepted.
    public func run(
        host: String, port: Int, identity: ServerIdentity? = nil, ready: @escaping @Sendable (String) -> Void
    ) async throws {
        let scheme = identity == nil ? "http" : "https"
        let application = Application(
            router: router(),
            server: try identity.map {
                try .tls(.http1(configuration: HubServer.line), tlsConfiguration: $0.configuration())
            } ?? .http1(configuration: HubServer.line),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(connections, logger: logger)),
            onServerRunning: { channel in
                let bound = channel.localAddress?.port ?? port
                ready("\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(bound)")
            }, logger: logger)
        do {
            var configuration = ServiceGroupConfiguration(
                services: [application, HubTending(hub: hub, worker: worker, logger: logger)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            configuration.maximumGracefulShutdownDuration = HubServer.patience
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            return
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure(
                .tryLater, what: "Serving", why: "another program listens on port \(port)",
                remedy: "Stop it, or name another port with --listen")
        } catch let error as IOError {
            throw Failure(
                .inputOutput, what: "Serving", why: "the address could not be used (error \(error.errnoCode))",
                remedy: "Check the address, or give another with --listen")
        }
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.get("/v1/health") { _, _ in "ok\n" }
        router.post("/v1/enrol") { request, _ in
            await respond("enrol") {
                let limit = HubServer.enrolBytes
                let answer = try await memory.holding(try HubServer.announced(by: request, upTo: limit), for: .zero) {
                    let body = try await HubServer.collect(request, upTo: limit)
                    return try await worker.run(for: .stranger) { try hub.enrol(body) }
                }
                return HubServer.bytes(answer)
            }
        }
        router.post("/v1/sync") { request, _ in
            await respond("sync") { try await admit(request) { try hub.sync($0) } }
        }
        router.post("/v1/preview") { request, _ in
            await respond("preview") { try await admit(request) { try hub.preview($0) } }
        }
        router.post("/v1/history") { request, _ in
            await respond("history") { try await admit(request) { try hub.history($0) } }
        }
        router.post("/v1/check") { request, _ in
            await respond("check") { try await admit(request) { try hub.check($0) } }
        }
        router.post("/v1/recover") { request, _ in
            await respond("recover") { try await admit(request) { try hub.recover($0) } }
        }
        router.post("/v1/relay") { request, _ in
            await respond("relay") { try await relay(request) }
        }
        router.get("/v1/relay/:device/:salt/:position") { request, context in
            await respond("relay") { try await standing(request, context) }
        }
        router.get("/v1/delivery/:id/:offset") { request, context in
            await respond("delivery") {
                let (claim, _) = try await verify(request)
                guard let id = context.parameters.get("id").flatMap({ Identifier($0) }),
                    let offset = context.parameters.get("offset").flatMap({ Int($0) })
                else { return Response(status: .notFound) }
                let page = try await worker.run(for: claimant(claim)) {
                    try hub.page(of: id, from: offset, for: claim.device, keyNumber: claim.keyNumber)
                }
                return page.map { HubServer.bytes($0) } ?? Response(status: .gone)
            }
        }
        UploadRoutes(server: self).add(to: router)
        CarryRoutes(server: self).add(to: router)
        return router
    }

    // MARK: Routes

    /// Takes a signed request with a sealed body, and gives the sealed answer or a ticket to sign again with.
    private func admit(
        _ request: Request, _ answer: @escaping @Sendable (Hub.SignedRequest) throws -> Hub.Admission
    ) async throws -> Response {
        let admission = try await withSignedBody(of: request) { claim, body in
            let signed = Hub.SignedRequest(
                device: claim.device, keyNumber: claim.keyNumber, ticket: claim.ticket, body: body)
            return try await worker.run(for: claimant(claim)) { try answer(signed) }
        }
        switch admission {
        case .answer(let answer):
            // Without a type: a sync with nothing to say counts its bytes.
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: answer)))
        case .challenge(let ticket): return HubServer.bytes(ticket.encoded(), status: .unauthorized)
        case .keys(let words): return HubServer.bytes(words, status: .conflict)
        }
    }

    // MARK: Steps

    /// Whose work a request is.
    func claimant(_ claim: RequestSignature.Claim) -> HubWorker.Claimant {
        HubWorker.Claimant(partner: hub.partner(of: claim.device) ?? .zero, device: claim.device)
    }

    /// Takes the body of a request, once it is known who signed it and there is room for as much as is announced.
    func withSignedBody<Result>(
        of request: Request, upTo limit: Int = DecodeLimits.messageBytes,
        _ use: (RequestSignature.Claim, [UInt8]) async throws -> Result
    ) async throws -> Result {
        let (claim, digest) = try await verify(request)
        return try await memory.holding(try HubServer.announced(by: request, upTo: limit), for: claim.device) {
            let body = try await HubServer.collect(request, upTo: limit)
            guard RequestSignature.contentDigest(of: body) == digest else {
                throw HubServer.unsigned(.wrongDigest)
            }
            return try await use(claim, body)
        }
    }

    /// Proves who signed a request, and says what the digest of its body must be.
    ///
    /// Keys that are not known yet are looked up by the worker, as a stranger's: the threads that serve connections must
    /// not wait for the database.
    func verify(_ request: Request) async throws -> (claim: RequestSignature.Claim, digest: String) {
        var asked: (device: Identifier, number: UInt32)?
        do {
            return try verify(request) {
                asked = ($0, $1)
                return hub.knownKeys(of: $0, number: $1)
            }
        } catch RequestSignature.Refusal.unknownKey {
            guard let asked else { throw HubServer.unsigned(.unknownKey) }
            let found = try await worker.run(for: .stranger) { hub.keys(of: asked.device, number: asked.number) }
            do {
                return try verify(request) { _, _ in found }
            } catch {
                throw HubServer.unsigned(error)
            }
        } catch {
            throw HubServer.unsigned(error)
        }
    }

    private func verify(
        _ request: Request, keyFor: (Identifier, UInt32) -> PublicKeys?
    ) throws(RequestSignature.Refusal) -> (claim: RequestSignature.Claim, digest: String) {
        try RequestSignature.verifyHead(
            method: request.method.rawValue, path: request.uri.string,
            headers: { name in HTTPField.Name(name).flatMap { request.headers[$0] } }, hub: hub.id, keyFor: keyFor)
    }

    static func unsigned(_ refusal: RequestSignature.Refusal) -> Failure {
        switch refusal {
        case .unknownKey:
            Failure(
                .notPermitted, what: "Syncing", why: "the hub does not know this device",
                remedy: "Ask the hub operator for a code and join again")
        case .wrongHub:
            Failure(
                .notPermitted, what: "Syncing", why: "this replica belongs to another hub",
                remedy: "Check the hub's address")
        case .missing, .malformed, .wrongDigest, .notAuthentic:
            Failure(
                .badData, what: "Syncing", why: "the request's signature does not fit (\(refusal.rawValue))",
                remedy: "Sync again; a proxy on the way may have changed it")
        }
    }

    /// What is asked of a stranger takes less than this.
    private static let enrolBytes = 4_096

    /// How many bytes a body has: as it says, or the most that it may have where a proxy took the length away.
    static func announced(by request: Request, upTo limit: Int) throws -> Int {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }) else { return limit }
        guard length <= limit else { throw HubServer.tooLarge }
        return max(0, length)
    }

    private static var tooLarge: Failure {
        Failure(
            .badData, what: "Reading the request", why: "it is larger than the hub takes",
            remedy: "Use the current version of reunite-sync")
    }

    static func collect(_ request: Request, upTo limit: Int) async throws -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw HubServer.tooLarge
        } catch is NIOTooManyBytesError {
            throw HubServer.tooLarge
        }
    }

    static func bytes(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/octet-stream"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Turns whatever goes wrong into a status and the one shape of an error.
    func respond(_ route: String, _ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let busy as HubWorker.Busy {
            logger.info("busy", metadata: ["route": "\(route)"])
            return HubServer.response(
                to: Failure(
                    .tryLater, what: "Answering", why: "the hub has too much to do at this moment",
                    remedy: "Try again in \(busy.retryAfter) seconds"), status: .tooManyRequests,
                retryAfter: busy.retryAfter)
        } catch let replaced as ReplacedKeys {
            return HubServer.bytes(SuccessionList.encode(replaced.words), status: .conflict)
        } catch let failure as Failure {
            logger.info("refused", metadata: ["route": "\(route)", "why": "\(failure.why)"])
            return HubServer.response(to: failure.forDevices(ofHubIn: hub.folder))
        } catch {
            logger.error("failed", metadata: ["route": "\(route)", "error": "\(type(of: error))"])
            return HubServer.response(
                to: Failure(
                    .internalFault, what: "Answering", why: "the hub met an unexpected error",
                    remedy: "Ask the hub operator to look at the hub's log"))
        }
    }

    private static func response(to failure: Failure) -> Response {
        switch failure.code {
        case .tryLater where failure == .hubsDisk:
            response(to: failure, status: .init(code: 507, reasonPhrase: "Insufficient Storage"))
        case .notPermitted: response(to: failure, status: .forbidden)
        case .tryLater: response(to: failure, status: .serviceUnavailable)
        case .internalFault: response(to: failure, status: .internalServerError)
        default: response(to: failure, status: .badRequest)
        }
    }

    static func response(to failure: Failure, status: HTTPResponse.Status, retryAfter: Int? = nil) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        let body = FailureJSON.encode(failure)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

extension Failure {
    /// What a device may be told: of the hub's own files neither where they are nor what is wrong with them, which is for
    /// its operator and in its log. To a device a hub that cannot write is one that takes nothing at this moment.
    func forDevices(ofHubIn folder: String) -> Failure {
        switch code {
        case .inputOutput, .cannotCreate:
            return .hubsDisk
        default:
            // A folder called 'hub' is no word of its own.
            guard [what, why, remedy].contains(where: { $0.contains(folder.hasSuffix("/") ? folder : folder + "/") })
            else { return self }
            // What a person at the hub would look for is nothing that whoever syncs has named.
            if code == .noInput { return .hubsDisk }
            return Failure(
                code, what: what, why: "the hub has trouble with its own files",
                remedy: "Try again later; if it says the same, tell the hub operator. Nothing was lost")
        }
    }
}
