public import ReUniteReplica
public import ReUniteSync

/// Asks a replica's hub what a step would move. Nothing changes, here or there, but the ticket.
///
/// A ticket that is overtaken by a later one looks like a second copy of the device: claim the replica first, as for a
/// sync.
public struct HTTPPreview: Sendable {
    private let replica: Replica
    private let client: HubClient
    private let patience: Duration
    private let waiting: Waiting
    private static let what = "Previewing the step"

    /// - Parameter patience: how long to go on trying while nothing gets through.
    public init(
        replica: Replica, client: HubClient, patience: Duration = .zero, waiting: Waiting = .system
    ) {
        self.replica = replica
        self.client = client
        self.patience = patience
        self.waiting = waiting
    }

    /// - Throws: ``Failure``: tryLater when the hub cannot be reached or has begun a new epoch, notPermitted when it
    ///   does not serve this device.
    public func run(_ question: StepQuestion) async throws -> PreviewAnswer.Body {
        let line = HubLine(replica: replica, client: client, patience: patience, waiting: waiting)
        let (body, sealed) = try await line.post("/v1/preview", HTTPPreview.what) { try replica.seal(question) }
        let answer = try replica.open(preview: body, to: sealed)
        try line.keep(ticket: answer.ticket)
        switch answer.body {
        case .suspended: throw HubLine.suspended(HTTPPreview.what)
        case .epochChanged: throw HubLine.epochChanged(HTTPPreview.what)
        case .moves, .unknown, .notOpen: return answer.body
        }
    }
}
