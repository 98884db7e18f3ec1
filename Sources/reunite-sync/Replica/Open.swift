import ArgumentParser
import Logging
import ReUnitePages

struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show this replica's cases as web pages, on this machine only, without a network.",
        discussion: """
            Prints 'open URL' on standard error: the address works once, in one browser. Stops on SIGTERM or SIGINT, \
            and the pages with it. They show and do not change. Example: reunite-sync open --listen 127.0.0.1:0
            """)

    @OptionGroup var replica: ReplicaOptions
    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:0"
    @Flag(help: "Let other machines reach the pages, unencrypted, if --listen names such an address.")
    var allowNetwork = false

    func run() async throws {
        let listening = try Listening(listen, example: "127.0.0.1:0")
        if !ListenAddress.isLoopback(listening.host) {
            guard allowNetwork else {
                throw ValidationError("--listen must be an address of this machine only, for example 127.0.0.1:0.")
            }
            Output.note("warning: whoever reads the network between this machine and the browser reads the cases")
        }
        let opened = try replica.openToShow("Opening the pages")
        var logger = Logger(label: "reunite-sync", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = .warning
        try await DeskServer(replica: opened, logger: logger).run(host: listening.host, port: listening.port) { url in
            Output.note("open \(url)")
        }
    }
}
