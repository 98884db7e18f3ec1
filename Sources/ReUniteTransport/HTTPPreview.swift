public import ReUniteReplica
public import ReUniteSync

/// Asks a replica's hub what a step would move. Nothing changes, here or there, but the ticket.
///
/// A ticket that is overtaken by a later one looks like a second copy of the device: claim the replica first, as for a
/// sync.
public struct HTTPPreview: Sendable {
    private let replica: Replica
    private let client: HubClient
    private static let what = "Previewing the step"

    public init(replica: Replica, client: HubClient) {
        self.replica = replica
        self.client = client
    }

    /// - Throws: ``Failure``: tryLater when the hub cannot be reached or has begun a new epoch, notPermitted when it
    ///   does not serve this device.
    public func run(_ question: StepQuestion) async throws -> PreviewAnswer.Body {
        let sealed = try replica.seal(question)
        let body = try await SignedExchange(replica: replica, client: client)
            .post("/v1/preview", sealed.body, what: HTTPPreview.what)
        let answer = try replica.open(preview: body, to: sealed)
        try replica.keep(ticket: answer.ticket)
        switch answer.body {
        case .suspended:
            throw Failure(
                .notPermitted, what: HTTPPreview.what, why: "another copy of this replica has been used with the hub",
                remedy: "Ask the hub operator for a new code; what was not sent is kept")
        case .epochChanged:
            throw Failure(
                .tryLater, what: HTTPPreview.what, why: "the hub began anew since this replica last synced",
                remedy: "Sync first")
        case .moves, .unknown, .notOpen: return answer.body
        }
    }
}
