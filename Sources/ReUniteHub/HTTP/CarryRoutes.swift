import HTTPTypes
import Hummingbird
import Logging
import ReUniteReplica
import ReUniteSync

/// The routes by which a device brings another's file in pieces, and takes the answer along in pieces: `/v1/carry/FILE/SIZE`
/// says how much is here, `/v1/carry/FILE/SIZE/OFFSET` takes what follows, `/v1/answer/ANSWER/OFFSET` gives what follows of
/// an answer.
///
/// What was carried either way before a line broke does not go again.
struct CarryRoutes: Sendable {
    let server: HubServer

    func add(to router: Router<BasicRequestContext>) {
        router.get("/v1/carry/:id/:size") { request, context in
            await server.respond("carry") { try await ask(request, context) }
        }
        router.post("/v1/carry/:id/:size/:offset") { request, context in
            await server.respond("carry") { try await take(request, context) }
        }
        router.get("/v1/answer/:id/:offset") { request, context in
            await server.respond("answer") { try await page(request, context) }
        }
    }

    private func ask(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, _) = try await server.verify(request)
        guard let (id, size) = UploadRoutes.bundle(in: context) else { return Response(status: .badRequest) }
        try await server.admitCarrier(claim)
        let hub = server.hub
        return UploadRoutes.response(
            try await server.files.run(for: server.claimant(claim)) {
                try hub.carriedOffset(id, bytes: size, by: claim.device)
            })
    }

    private func take(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, digest) = try await server.verify(request)
        guard let (id, size) = UploadRoutes.bundle(in: context),
            let start = context.parameters.get("offset").flatMap({ Int($0) }), start >= 0
        else { return Response(status: .badRequest) }
        try await server.admitCarrier(claim)
        let claimant = server.claimant(claim)
        let hub = server.hub
        do {
            switch try await server.worker.run(
                for: claimant, { try hub.admit(carried: id, bytes: size, from: start, by: claim.device) })
            {
            case .challenge(let ticket): return HubServer.bytes(ticket.encoded(), status: .unauthorized)
            case .here(let count):
                let isJudged = try await server.files.run(for: claimant) {
                    try hub.isJudged(carried: id, by: claim.device)
                }
                guard isJudged, start == size - 1 else { return UploadRoutes.response(count) }
            case .piece(let piece):
                let count = try await server.receive(request, into: piece, digest: digest, for: claimant)
                guard count >= size else { return UploadRoutes.response(count) }
            }
            let answer = try await server.memory.holding(size, for: claim.device) {
                try await server.worker.run(for: claimant) {
                    try hub.complete(carried: id, bytes: size, by: claim.device)
                }
            }
            return UploadRoutes.response(answer.map { "\(size) \($0.id) \($0.bytes)" } ?? "\(size)", size)
        } catch let refused as Hub.RefusedFile {
            server.logger.info("refused", metadata: ["route": "carry", "why": "\(refused.failure.why)"])
            return HubServer.response(
                to: refused.failure.forDevices(ofHubIn: hub.folder), status: .unprocessableContent)
        }
    }

    private func page(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, _) = try await server.verify(request)
        guard let id = context.parameters.get("id").flatMap({ Identifier($0) }),
            let offset = context.parameters.get("offset").flatMap({ Int($0) }), offset >= 0
        else { return Response(status: .badRequest) }
        try await server.admitCarrier(claim)
        let hub = server.hub
        let page = try await server.worker.run(for: server.claimant(claim)) {
            try hub.page(ofAnswer: id, from: offset, carriedBy: claim.device)
        }
        return page.map { HubServer.bytes($0) } ?? Response(status: .gone)
    }
}
