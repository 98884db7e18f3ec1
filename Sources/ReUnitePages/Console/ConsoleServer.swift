public import Logging
public import ReUniteHub
import ReUniteSync

/// Serves the hub operator's pages until the process is told to stop, beside a hub that serves or without one.
public struct ConsoleServer: Sendable {
    private let console: Console
    private let logger: Logger

    /// - Parameter open: opens the hub. Every request opens it anew, as a command does, so that the console never knows
    ///   less than another program has written meanwhile.
    public init(logger: Logger, open: @escaping @Sendable () throws -> Hub) {
        console = Console(session: ConsoleSession(), open: open)
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
        let start = Console.startPath + console.session.startToken
        try await PageServer(logger: logger).run(console.router(), host: host, port: port) { ready($0 + start) }
    }
}
