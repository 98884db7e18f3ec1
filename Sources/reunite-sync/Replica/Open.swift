import ArgumentParser
import Logging
import ReUnitePages
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show this replica's cases as web pages, on this machine only, without a network.",
        discussion: """
            Prints 'open URL' on standard error: the address works once, in one browser. Stops on SIGTERM or SIGINT, \
            and the pages with it. The network is used only while somebody presses 'Sync now'. Example: reunite-sync \
            open --listen 127.0.0.1:0
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @OptionGroup var patience: PatienceOption
    @Flag(help: "In a prison: no network at all, only the women of the day's visits, locked after 3 minutes.")
    var inside = false
    @Option(help: "With --inside: the code of the prison.") var prison: String?
    @Argument(help: "With --inside: the visit bundle; without it the visits of today that this replica holds.")
    var file: String?
    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:0"
    @Flag(help: "Let other machines reach the pages, unencrypted, if --listen names such an address.")
    var allowNetwork = false

    func validate() throws {
        guard inside == (prison != nil) else { throw ValidationError("--inside and --prison go together") }
        guard inside || file == nil else { throw ValidationError("a visit bundle is opened with --inside") }
    }

    func run() async throws {
        let listening = try Listening(listen, example: "127.0.0.1:0")
        if !ListenAddress.isLoopback(listening.host) {
            guard !inside else {
                throw ValidationError(
                    "--inside shows its pages on this machine only: leave out --listen, or name 127.0.0.1:0")
            }
            guard allowNetwork else {
                throw ValidationError(
                    """
                    --listen must be an address of this machine only, for example 127.0.0.1:0; --allow-network lets \
                    others reach it, unencrypted.
                    """)
            }
            Output.note("warning: whoever reads the network between this machine and the browser reads the cases")
        }
        let opened = try replica.openToShow("Opening the pages")
        var logger = Logger(label: "reunite-sync", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = .warning
        if let prison {
            let time = SystemTime()
            let server = InsideServer(
                replica: opened, sheet: try sheet(opened, prison), prison: prison, logger: logger
            ) { time.monotonicMilliseconds }
            Output.note("code after the lock: \(server.code)")
            try await server.run(host: listening.host, port: listening.port) { Output.note("open \($0)") }
            return
        }
        let server = DeskServer(
            replica: opened, logger: logger, syncing: syncing(opened), asking: asking(opened),
            askingPast: askingPast(opened))
        try await server.run(host: listening.host, port: listening.port) { Output.note("open \($0)") }
    }

    /// The day's visits: out of the bundle, or of what this replica holds by the same rules.
    private func sheet(_ opened: Replica, _ prison: String) throws -> VisitSheet {
        let facts = try opened.facts()
        if let file {
            let content = try opened.open(visit: try CarrierFile.read(file)) { sender in
                try opened.read("Finding the device that packed it") {
                    try KinKeys.of(sender, partner: facts.partner, in: $0)
                }
            }
            return try VisitSheet(decoding: content)
        }
        let now = try opened.knownTime().now
        return try opened.read("Looking for today's visits") { database in
            var packing = VisitPacking(
                day: CivilTime.londonDate(milliseconds: now), prisons: [prison.uppercased()], device: facts.device,
                hours: Open.hoursInside, now: now)
            packing.what = "Looking for today's visits"
            if facts.role != "office" {
                packing.undecided = Set(try opened.attention(in: database).filter(\.isUnsent).map(\.key))
            }
            return try packing.pack(in: database).sheet
        }
    }

    /// How long the visits of the day are shown, in hours.
    private static let hoursInside = 12

    /// What 'Ask the hub first' does: the same as the command.
    private func asking(_ opened: Replica) -> StepAsker {
        StepAsker { question in
            try await Referral.Preview.ask(question, opened, ca: line.ca)
        }
    }

    /// What 'Ask the hub what others wrote' does: the same as the command.
    private func askingPast(_ opened: Replica) -> PastAsker {
        PastAsker { question in
            let page = try await History.ask(question, opened, ca: line.ca)
            return (page.entries, page.before)
        }
    }

    /// What 'Sync now' does: the same as the command.
    private func syncing(_ opened: Replica) -> SyncRunner {
        let (ca, patience) = (line.ca, patience.duration)
        return SyncRunner { progress in
            let claim = try opened.claim(what: "Syncing", holder: "another 'sync'")
            let client = try LineOptions.client(url: try opened.status().hub, ca: ca)
            do {
                let sync = HTTPSync(replica: opened, client: client, patience: patience) {
                    progress(
                        SyncRunner.Progress(
                            sentEdits: $0.pushedEdits, receivedBytes: $0.pulledBytes, expectedBytes: $0.expectedBytes))
                }
                // What the hub refused, and what waits, lies in the mailbox: the pages look there.
                let both = try await SyncAndCarry(
                    sync, HTTPRelay(replica: opened, client: client, patience: patience), opened, over: client)
                await client.close()
                withExtendedLifetime(claim) {}
                return try both.outcome.get()
            } catch {
                await client.close()
                throw error
            }
        }
    }
}
