import Dispatch
import HTTPTypes
import Hummingbird
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
/// Bodies are bounded; nothing streams without end. Requests are signed and bodies sealed to keys that were exchanged
/// at enrolment, so that plain HTTP or a proxy that reads TLS shows metadata and no content (`docs/protocol.md`).
public struct HubServer: Sendable {
    let hub: Hub
    let logger: Logger
    let worker: HubWorker
    /// How long a hub that was told to stop waits for requests that are still coming in. Without a limit a device
    /// that vanished in the middle of one would keep it from ever stopping; what was acknowledged is on disk already.
    private static let patience: Duration = .seconds(3)

    public init(hub: Hub, logger: Logger) {
        self.hub = hub
        self.logger = logger
        worker = HubWorker()
    }

    /// Serves until the process is told to stop (SIGTERM or SIGINT), then finishes what it has begun.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: 0 picks a free one.
    ///   - ready: called once with the URL, when connections are accepted.
    public func run(host: String, port: Int, ready: @escaping @Sendable (String) -> Void) async throws {
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "reunite-sync"),
            onServerRunning: { channel in
                let bound = channel.localAddress?.port ?? port
                ready("http://\(host.contains(":") ? "[\(host)]" : host):\(bound)")
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
                remedy: "Check the address given with --listen")
        }
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.get("/v1/health") { _, _ in "ok\n" }
        router.post("/v1/enrol") { request, _ in
            await respond("enrol") {
                let body = try await HubServer.collect(request)
                return HubServer.bytes(try await worker.run { try hub.enrol(body) })
            }
        }
        router.post("/v1/sync") { request, _ in
            await respond("sync") { try await admit(request) { try hub.sync($0) } }
        }
        router.post("/v1/preview") { request, _ in
            await respond("preview") { try await admit(request) { try hub.preview($0) } }
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
        router.get("/v1/delivery/:id/:offset") { request, context in
            await respond("delivery") {
                let claim = try verify(request, body: [])
                guard let id = context.parameters.get("id").flatMap({ Identifier($0) }),
                    let offset = context.parameters.get("offset").flatMap({ Int($0) })
                else { return Response(status: .notFound) }
                guard let page = try await worker.run({ try hub.page(of: id, from: offset, for: claim.device) })
                else { return Response(status: .gone) }
                return HubServer.bytes(page)
            }
        }
        return router
    }

    // MARK: Steps

    /// Takes a signed request with a sealed body, and gives the sealed answer or a ticket to sign again with.
    private func admit(
        _ request: Request, _ answer: @escaping @Sendable (Hub.SignedRequest) throws -> Hub.Admission
    ) async throws -> Response {
        let body = try await HubServer.collect(request)
        let claim = try verify(request, body: body)
        let signed = Hub.SignedRequest(
            device: claim.device, keyNumber: claim.keyNumber, ticket: claim.ticket, body: body)
        switch try await worker.run({ try answer(signed) }) {
        case .answer(let answer): return HubServer.bytes(answer)
        case .challenge(let ticket): return HubServer.bytes(ticket.encoded(), status: .unauthorized)
        }
    }

    func verify(_ request: Request, body: [UInt8]) throws -> RequestSignature.Claim {
        do {
            return try RequestSignature.verify(
                method: request.method.rawValue, path: request.uri.string, body: body,
                headers: { name in
                    HTTPField.Name(name).flatMap { request.headers[$0] }
                }, hub: hub.id, keyFor: { hub.keys(of: $0, number: $1) })
        } catch {
            switch error {
            case .unknownKey:
                throw Failure(
                    .notPermitted, what: "Syncing", why: "the hub does not know this device",
                    remedy: "Ask the hub operator for a code and join again")
            case .wrongHub:
                throw Failure(
                    .notPermitted, what: "Syncing", why: "this replica belongs to another hub",
                    remedy: "Check the hub's address")
            case .missing, .malformed, .wrongDigest, .notAuthentic:
                throw Failure(
                    .badData, what: "Syncing", why: "the request's signature does not fit (\(error.rawValue))",
                    remedy: "Sync again; a proxy on the way may have changed it")
            }
        }
    }

    static func collect(_ request: Request, upTo limit: Int = DecodeLimits.messageBytes) async throws -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw Failure(
                .badData, what: "Reading the request", why: "it is larger than the hub takes",
                remedy: "Use the current version of reunite-sync")
        } catch is NIOTooManyBytesError {
            throw Failure(
                .badData, what: "Reading the request", why: "it is larger than the hub takes",
                remedy: "Use the current version of reunite-sync")
        }
    }

    static func bytes(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/octet-stream"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Turns whatever goes wrong into a status and the one shape of an error.
    private func respond(_ route: String, _ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let failure as Failure {
            logger.info("refused", metadata: ["route": "\(route)", "why": "\(failure.why)"])
            return HubServer.response(to: failure)
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
        case .notPermitted: response(to: failure, status: .forbidden)
        case .tryLater: response(to: failure, status: .serviceUnavailable)
        case .inputOutput:
            response(to: failure, status: .init(code: 507, reasonPhrase: "Insufficient Storage"))
        case .internalFault: response(to: failure, status: .internalServerError)
        default: response(to: failure, status: .badRequest)
        }
    }

    static func response(to failure: Failure, status: HTTPResponse.Status) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        let body = FailureJSON.encode(failure)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// Runs the hub's work one piece at a time, away from the threads that serve connections: the database has one
/// writer, and waiting for it there would hold up everyone else.
struct HubWorker: Sendable {
    private let queue = DispatchQueue(label: "reunite.hub")

    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }
}
