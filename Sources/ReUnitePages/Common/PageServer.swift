import Hummingbird
import Logging
import NIOCore
import ReUniteSync
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Serves pages until the process is told to stop.
struct PageServer: Sendable {
    let logger: Logger
    /// How long a request's head may take, and how long a connection may be silent in a body or between requests, before
    /// it is closed; as at the hub. A line of 5.6 kbit/s needs seconds. Nothing is closed while a page is being made.
    var idle: Duration = .seconds(120)
    private static let patience: Duration = .seconds(1)

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - host: the address to listen on; the caller decides whether it may reach further than this machine.
    ///   - port: 0 picks a free one.
    ///   - ready: called once, with the address of the first page, without a slash at its end.
    /// - Throws: ``Failure`` (tryLater, inputOutput) when the address cannot be used.
    func run(
        _ router: Router<PageContext>, host: String, port: Int, ready: @escaping @Sendable (String) -> Void
    ) async throws {
        // A name could lead elsewhere.
        let host = host.lowercased() == "localhost" ? "127.0.0.1" : host
        let application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [UnreadableRequests()], idleTimeout: TimeAmount(idle))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in
                let bound = channel.localAddress?.port ?? port
                ready("http://\(host.contains(":") ? "[\(host)]" : host):\(bound)")
            }, logger: logger)
        do {
            var configuration = ServiceGroupConfiguration(
                services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            configuration.maximumGracefulShutdownDuration = PageServer.patience
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            return
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure(
                .tryLater, what: "Opening the pages", why: "another program listens on port \(port)",
                remedy: "Stop it, or name another port with --listen")
        } catch let error as IOError {
            throw Failure(
                .inputOutput, what: "Opening the pages",
                why: "the address could not be used (error \(error.errnoCode))",
                remedy: "Check the address, or give another with --listen")
        }
    }
}
