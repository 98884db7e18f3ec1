public import Logging
public import ReUniteReplica
import ReUniteSync

/// Serves a worker's pages until the process is told to stop.
public struct DeskServer: Sendable {
    private let desk: Desk
    private let logger: Logger

    public init(
        replica: Replica, logger: Logger, syncing: SyncRunner? = nil, asking: StepAsker? = nil,
        askingPast: PastAsker? = nil
    ) {
        desk = Desk(
            replica: replica, session: PageSession(), syncing: syncing.map { DeskSync($0) }, asking: asking,
            askingPast: askingPast)
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - host: the address to listen on; the caller decides whether it may reach further than this machine.
    ///   - port: 0 picks a free one.
    ///   - ready: called once, with the address that opens the pages in one browser, once.
    /// - Throws: ``Failure`` (tryLater, inputOutput) when the address cannot be used.
    public func run(host: String, port: Int, ready: @escaping @Sendable (String) -> Void) async throws {
        // What is slow once is looked for while nobody waits; where it cannot be, the page that needs it says so.
        Task.detached(priority: .background) { [desk] in try? desk.replica.prepare(desk.written) }
        let start = Desk.startPath + desk.session.startToken
        try await PageServer(logger: logger).run(desk.router(), host: host, port: port) { ready($0 + start) }
    }
}
