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
        let answer = try hub.check(
            device: sealed.device, keyNumber: try replica.facts().keyNumber, body: sealed.body)
        return try replica.open(check: answer, to: sealed)
    }
}
