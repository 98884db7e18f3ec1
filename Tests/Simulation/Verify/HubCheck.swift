import ReUniteHub
import ReUniteReplica
import ReUniteSync

/// A comparison of rows without a network between.
struct HubCheck {
    let replica: Replica
    let hub: Hub

    /// Returns what differs, and puts it on the replica's list of rows to ask for.
    func run(repairs: Bool) throws -> VerifyFindings {
        let key = replica.newIdentifier()
        let scopes = try replica.differing(from: try ask([], key: key), key: key)
        guard !scopes.isEmpty else { return VerifyFindings() }
        return try replica.compare(try ask(scopes, key: key), scopes: scopes, key: key, repairs: repairs)
    }

    func ask(_ scopes: [Identifier], key: Identifier) throws -> CheckAnswer {
        let sealed = try replica.seal(check: scopes, key: key)
        var ticket = try replica.ticket()
        for _ in 0..<2 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: try replica.facts().keyNumber, ticket: ticket, body: sealed.body)
            switch try hub.check(signed) {
            case .challenge(let fresh): ticket = fresh
            case .keys: throw FormatError(.notAuthentic, "hub keys")
            case .answer(let bytes): return try replica.open(check: bytes, to: sealed)
            }
        }
        throw FormatError(.notAuthentic, "ticket")
    }
}
