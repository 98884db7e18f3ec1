import Crypto
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
    let hub: Hub
    let worker: HubWorker
    let verify: @Sendable (Request) throws -> (claim: RequestSignature.Claim, digest: String)
    let claimant: @Sendable (RequestSignature.Claim) -> HubWorker.Claimant
    let respond: @Sendable (String, () async throws -> Response) async -> Response

    func add(to router: Router<BasicRequestContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/v1/up/:id/:size", method: method) { request, context in
                await respond("up") { try ask(request, context) }
            }
        }
        for method in [HTTPRequest.Method.put, .post] {
            router.on("/v1/up/:id/:size/:offset", method: method) { request, context in
                await respond("up") { try await take(request, context) }
            }
        }
    }

    private func ask(_ request: Request, _ context: BasicRequestContext) throws -> Response {
        let (claim, _) = try verify(request)
        guard let (id, size) = UploadRoutes.bundle(in: context) else { return Response(status: .notFound) }
        return UploadRoutes.response(try hub.uploadOffset(id, bytes: size, from: claim.device))
    }

    private func take(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, digest) = try verify(request)
        guard let (id, size) = UploadRoutes.bundle(in: context),
            let start = context.parameters.get("offset").flatMap({ Int($0) }), start >= 0
        else { return Response(status: .notFound) }
        guard let file = try hub.upload(id, bytes: size, from: claim.device) else {
            return UploadRoutes.response(size)
        }
        // Bytes behind a gap are not taken: the answer says where to go on.
        guard start <= file.count else { return UploadRoutes.response(file.count) }
        var offset = start
        var hash = SHA256()
        do {
            for try await part in request.body {
                let view = part.readableBytesView
                guard offset + view.count <= size else { throw UploadRoutes.tooLong }
                try file.write(view, at: offset)
                hash.update(data: view)
                offset += view.count
            }
        } catch {
            try file.force()
            throw error
        }
        guard RequestSignature.contentDigest(sha256: Array(hash.finalize())) == digest else {
            try file.truncate(to: start)
            throw HubServer.unsigned(.wrongDigest)
        }
        try file.force()
        if file.count >= size {
            try await worker.run(for: claimant(claim), bytes: size) {
                try hub.complete(upload: id, bytes: size, from: claim.device)
            }
        }
        return UploadRoutes.response(file.count)
    }

    private static func bundle(in context: BasicRequestContext) -> (id: Identifier, size: Int)? {
        guard let id = context.parameters.get("id").flatMap({ Identifier($0) }),
            let size = context.parameters.get("size").flatMap({ Int($0) }), size > 0
        else { return nil }
        return (id, size)
    }

    /// How many bytes are here, in the body and, for a request without one, in a field.
    private static func response(_ offset: Int) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/plain"
        if let name = HTTPField.Name("Upload-Offset") { headers[name] = String(offset) }
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: String(offset))))
    }

    private static var tooLong: Failure {
        Failure(
            .badData, what: "Taking batches", why: "more came than was announced",
            remedy: "Sync again; nothing was changed")
    }
}
