package import Logging
package import ReUniteProgramme
package import ReUniteReplica
import ReUniteSync

/// Serves the pages inside a prison until the process is told to stop.
public struct InsideServer: Sendable {
    private let desk: InsideDesk
    private let logger: Logger

    /// What is typed to go on after the lock.
    public var code: String { desk.session.code }

    /// - Parameters:
    ///   - sheet: as it was packed.
    ///   - prison: the code of the prison in which this is.
    ///   - clock: milliseconds that never go back.
    package init(
        replica: Replica, sheet: VisitSheet, prison: String, logger: Logger, clock: @escaping @Sendable () -> Int64
    ) {
        desk = InsideDesk(
            replica: replica, packed: sheet, prison: prison, session: InsideSession(clock: clock))
        desk.recallDrafts()
        self.logger = logger
    }

    /// As ``DeskServer/run(host:port:ready:)``, which says what is thrown.
    public func run(host: String, port: Int, ready: @escaping @Sendable (String) -> Void) async throws {
        // Refused before anything is served, if it may not be shown here.
        _ = try desk.sheet()
        let start = Desk.startPath + desk.session.page.startToken
        try await PageServer(logger: logger).run(desk.router(), host: host, port: port) { ready($0 + start) }
    }
}
