import HTTPTypes
import Hummingbird
import Logging
import ReUniteReplica
import ReUniteSync

extension HubServer {
    /// `POST /v1/relay`: a device hands in another device's file, and gets the answer for that device.
    ///
    /// The signature is the carrier's; the file's own is its maker's. A file that the hub refuses gets 422, so that the
    /// carrier can tell it from being refused itself.
    func relay(_ request: Request) async throws -> Response {
        try await withSignedBody(of: request, upTo: RelayBox.upLimit) { try await relay($1, by: $0) }
    }

    /// `GET /v1/relay/DEVICE/SALT/POSITION`: whether an answer that lies at its carrier may still be handed over.
    func standing(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let (claim, _) = try await verify(request)
        guard let device = context.parameters.get("device").flatMap({ Identifier($0) }),
            let salt = context.parameters.get("salt").flatMap({ Identifier($0) }),
            let position = context.parameters.get("position").flatMap({ Int64($0) }), position > 0
        else { return Response(status: .notFound) }
        try await admitCarrier(claim)
        let stands = try await worker.run(for: claimant(claim)) {
            try hub.stands(answerUpTo: Position(position), inLife: salt, for: device, carriedBy: claim.device)
        }
        return stands ? HubServer.bytes([]) : Response(status: .gone)
    }

    func admitCarrier(_ claim: RequestSignature.Claim) async throws {
        let mayCarry = try await worker.run(for: claimant(claim)) {
            try hub.mayCarry(claim.device, keyNumber: claim.keyNumber)
        }
        guard mayCarry else {
            throw Failure(
                .notPermitted, what: "Carrying a file", why: "this device is not served",
                remedy: "Ask the hub operator for a new code")
        }
    }

    private func relay(_ body: [UInt8], by claim: RequestSignature.Claim) async throws -> Response {
        try await admitCarrier(claim)
        let carrier = claimant(claim)
        do {
            let answer = try await worker.run(for: carrier) {
                try hub.relay(body, by: claim.device).answer ?? []
            }
            return HubServer.bytes(answer)
        } catch let failure as Failure where failure.code == .badData || failure.code == .notPermitted {
            logger.info("refused", metadata: ["route": "relay", "why": "\(failure.why)"])
            return HubServer.response(to: failure, status: .unprocessableContent)
        }
    }
}
