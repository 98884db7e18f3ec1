public import ReUniteReplica
public import ReUniteSync

/// Asks a replica's hub who wrote a row, and what. Nothing changes here but the ticket, and the answer is kept nowhere.
///
/// A ticket that is overtaken by a later one looks like a second copy of the device: claim the replica first, as for a
/// sync.
public struct HTTPHistory: Sendable {
    /// A part of a row's past.
    public struct Page: Hashable, Sendable {
        /// The newest first.
        public var entries: [HistoryAnswer.Entry]
        /// Where the part before begins; zero where there is none.
        public var before: Position
    }

    private let replica: Replica
    private let client: HubClient
    private let patience: Duration
    private let waiting: Waiting
    private static let what = "Asking for the history"

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
    ///   does not serve this device, noInput when it does not have the row, or does not let this device have it.
    public func run(_ question: HistoryQuestion) async throws -> Page {
        let line = HubLine(replica: replica, client: client, patience: patience, waiting: waiting)
        let (body, sealed) = try await line.post("/v1/history", HTTPHistory.what) { try replica.seal(question) }
        let answer = try replica.open(history: body, to: sealed)
        try line.keep(ticket: answer.ticket)
        switch answer.body {
        case .entries(let entries, let before): return Page(entries: entries, before: before)
        case .unknown:
            throw Failure(
                .noInput, what: HTTPHistory.what, why: "the hub does not have this record, or not for this device",
                remedy: "Sync first; what was not sent yet is not at the hub")
        case .suspended: throw HubLine.suspended(HTTPHistory.what)
        case .epochChanged: throw HubLine.epochChanged(HTTPHistory.what)
        }
    }
}
