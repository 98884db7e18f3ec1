import ArgumentParser
import Logging
import ReUniteHub
import ReUniteReplica
import ReUniteSync

struct HubServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve replicas until told to stop.",
        discussion: """
            Stops on SIGTERM or SIGINT and finishes what it has acknowledged. Prints 'listening on URL' on standard \
            error when ready. Example: reunite-sync hub serve --hub-dir hub --listen 127.0.0.1:8470, or with TLS: \
            reunite-sync hub serve --listen 0.0.0.0:443 --tls-certificate chain.pem --tls-key key.pem
            """)

    @OptionGroup var hub: HubOptions
    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:8470"
    @Option(help: "The hub's certificate and those between it and its authority (PEM); needs --tls-key.")
    var tlsCertificate: String?
    @Option(help: "The private key of the certificate (PEM).") var tlsKey: String?
    @Option(
        help: """
            A folder, best on other storage, to which every closing is written too, and, sealed to the backup key, every \
            batch, so that a restored hub has lost nothing that a device let go.
            """)
    var ledger: String?
    @Option(help: "How many connections may be open at once; who comes beyond that waits for one to be closed.")
    var connections = HubServer.connections
    @Option(help: "How much to log: trace, debug, info, notice, warning, error.") var logLevel = "notice"

    func run() async throws {
        let listening = try Listening(listen, example: "127.0.0.1:8470")
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw ValidationError("--log-level must be trace, debug, info, notice, warning or error.")
        }
        guard (1...100_000).contains(connections) else {
            throw ValidationError("--connections must be from 1 to 100000.")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together.")
        }
        let identity = tlsCertificate.flatMap { certificate in
            tlsKey.map { ServerIdentity(certificatePath: certificate, keyPath: $0) }
        }
        let opened = try hub.open()
        let claim = try FileClaim(
            HubFiles(folder: hub.folder).claimPath, what: "Serving", holder: "another 'hub serve'")
        for file in HubFiles(folder: hub.folder).openToOthers { Output.note(Wording.readableByOthers(file)) }
        try opened.noteServing()
        if let ledger { try opened.keepLedger(in: ledger) }
        var logger = Logger(label: "reunite-sync", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = level
        try await HubServer(hub: opened, logger: logger, connections: connections).run(
            host: listening.host, port: listening.port, identity: identity
        ) { url in
            Output.note("listening on \(url)")
        }
        // Held until here: the claim ends with the serving. On a disk that is full the log stays beside the file.
        withExtendedLifetime(claim) { try? opened.close() }
    }
}
