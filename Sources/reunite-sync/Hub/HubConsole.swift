import ArgumentParser
import Logging
import ReUniteHub
import ReUnitePages

struct HubConsole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Show the operator's web pages: conflicts, devices, referrals, reports.",
        discussion: """
            Prints 'open URL' on standard error: the address works once, in one browser. Whoever uses it signs in with a \
            code from 'hub operator add'. Works beside 'hub serve' and without it; stops on SIGTERM or SIGINT. \
            Example: reunite-sync hub console --listen 127.0.0.1:0
            """)

    @OptionGroup var hub: HubOptions
    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:0"
    @Flag(help: "Let other machines reach the pages, unencrypted, if --listen names such an address.")
    var allowNetwork = false

    func run() async throws {
        let listening = try Listening(listen, example: "127.0.0.1:0")
        if !ListenAddress.isLoopback(listening.host) {
            guard allowNetwork else {
                throw ValidationError(
                    """
                    --listen must be an address of this machine only, for example 127.0.0.1:0; --allow-network lets \
                    others reach it, unencrypted.
                    """)
            }
            Output.note("warning: whoever reads the network between this machine and the browser reads the cases")
        }
        let hub = hub
        if try !hub.open().operators().contains(where: { $0.endedMilliseconds == nil }) {
            Output.note("nobody may sign in yet: reunite-sync hub operator add NAME")
        }
        var logger = Logger(label: "reunite-sync", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = .warning
        try await ConsoleServer(logger: logger) { try hub.open() }
            .run(host: listening.host, port: listening.port) { Output.note("open \($0)") }
    }
}
