import HTTPTypes
import Hummingbird
import NIOCore
import ReUniteReplica
import ReUniteSync

/// The routes by which a bundle of batches comes in pieces: `/v1/up/BUNDLE/SIZE` says how much is here,
/// `/v1/up/BUNDLE/SIZE/OFFSET` takes what follows.
///
/// A piece is written as it comes, so that what arrived before the line broke is not sent again. Each way has two
/// methods, because some proxies let only GET and POST through.
struct UploadRoutes: Sendable {
    let server: HubServer

    func add(to router: Router<BasicRequestContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/v1/up/:id/:size", method: method) { request, context in
                await server.respond("up") { try await ask(request, context) }
            }
        }
        for method in [HTTPRequest.Method.put, .post] {
            router.on("/v1/up/:id/:size/:offset", method: method) { request, context in
                await server.respond("up") { try await take(request, context) }
            }
        }
    }

    private func ask(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, _) = try await server.verify(request)
        guard let (id, size) = UploadRoutes.bundle(in: context) else { return Response(status: .notFound) }
        let hub = server.hub
        return UploadRoutes.response(
            try await server.files.run(for: server.claimant(claim)) {
                try hub.uploadOffset(id, bytes: size, from: claim.device)
            })
    }

    private func take(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, digest) = try await server.verify(request)
        guard let (id, size) = UploadRoutes.bundle(in: context),
            let start = context.parameters.get("offset").flatMap({ Int($0) }), start >= 0
        else { return Response(status: .notFound) }
        let claimant = server.claimant(claim)
        let hub = server.hub
        let admission = try await server.worker.run(for: claimant) {
            try hub.admit(upload: id, bytes: size, from: start, by: claim)
        }
        let piece: UploadPiece
        switch admission {
        case .challenge(let ticket): return HubServer.bytes(ticket.encoded(), status: .unauthorized)
        case .here(let count): return UploadRoutes.response(count)
        case .piece(let begun): piece = begun
        }
        let count = try await server.receive(request, into: piece, digest: digest, for: claimant)
        guard count >= size else { return UploadRoutes.response(count) }
        try await server.memory.holding(size, for: claim.device) {
            try await server.worker.run(for: claimant) {
                try hub.complete(upload: id, bytes: size, from: claim.device)
            }
        }
        return UploadRoutes.response(size)
    }

    static func bundle(in context: BasicRequestContext) -> (id: Identifier, size: Int)? {
        guard let id = context.parameters.get("id").flatMap({ Identifier($0) }),
            let size = context.parameters.get("size").flatMap({ Int($0) }), size > 0
        else { return nil }
        return (id, size)
    }

    /// How many bytes are here, in the body and, for a request without one, in a field.
    static func response(_ offset: Int) -> Response {
        response(String(offset), offset)
    }

    static func response(_ text: String, _ offset: Int) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/plain"
        if let name = HTTPField.Name("Upload-Offset") { headers[name] = String(offset) }
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension HubServer {
    /// Takes the body of a request into a file as it comes, and keeps what came of one that is cut short.
    ///
    /// - Returns: how many bytes of the whole are here.
    func receive(
        _ request: Request, into piece: UploadPiece, digest: String, for claimant: HubWorker.Claimant
    ) async throws -> Int {
        do {
            for try await part in request.body {
                let view = part.readableBytesView
                try await files.run(for: claimant) { try piece.add(view) }
            }
        } catch {
            try? await files.run(for: claimant) { try piece.keep() }
            throw error
        }
        return try await files.run(for: claimant) { try piece.finish(digest: digest) }
    }
}
