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

    private func relay(_ body: [UInt8], by claim: RequestSignature.Claim) async throws -> Response {
        let carrier = claimant(claim)
        guard try await worker.run(for: carrier, { try hub.mayCarry(claim.device, keyNumber: claim.keyNumber) }) else {
            throw Failure(
                .notPermitted, what: "Carrying a file", why: "this device is not served",
                remedy: "Ask the hub operator for a new code")
        }
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
