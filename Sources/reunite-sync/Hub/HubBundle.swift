import ArgumentParser
import ReUniteHub
import ReUniteReplica
import ReUniteSync

struct HubBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "The hub's side of a sync by files.",
        subcommands: [Import.self, Export.self, Inspect.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a file that a device made with 'bundle export'.",
            discussion: """
                Its edits are judged exactly as over the network. The same file may come twice. Of a file that is cut \
                short the whole batches at its beginning count, and the exit status is 65: copy it again. Exit status 1 \
                says that something in it needs a person.

                Example: reunite-sync hub bundle import /media/stick/UP3F9A1C.RUB
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The file.") var file: String

        struct Report: Encodable {
            var bundle: String
            var device: String
            var deviceName: String
            var partner: String
            var batches: Int
            var taken: Int
            var edits: Int
            var duplicates: Int
            var held: Int
            var quarantined: Int
            var passedOver: Int
            var revoked: Bool

            init(_ report: Hub.UpReport) {
                bundle = report.bundle.description
                device = report.device.description
                deviceName = report.deviceName
                partner = report.partner
                batches = report.batches
                taken = report.taken
                edits = report.edits
                duplicates = report.duplicates
                held = report.held
                quarantined = report.quarantined
                passedOver = report.passedOver
                revoked = report.isRevoked
            }
        }

        func run() throws {
            let opened = try hub.open()
            let source = try CarrierFile.source(file)
            let bar = ProgressBar()
            let came: Hub.UpReport
            do {
                came = try opened.take(upFile: source) { bar.show("judging batches", done: $0, of: $1) }
            } catch {
                bar.clear()
                throw error
            }
            bar.clear()
            guard came.isWhole else {
                let taken =
                    came.batches == 0
                    ? "nothing was taken" : "\(came.batches) batches at its beginning were whole and have been taken"
                throw Failure(
                    .badData, what: "Importing the bundle", why: "it is cut short or was changed; \(taken)",
                    remedy: "Copy it from the device again")
            }
            let report = Report(came)
            try Output.show(report, as: hub.json) {
                say(
                    "From \(report.deviceName) of \(report.partner): \(report.edits) edits in \(report.taken) batches.")
                if report.duplicates > 0 { say("\(report.duplicates) batches were here already.") }
                if report.held > 0 {
                    say("\(report.held) wait for an earlier file, or for a newer program here: see 'hub hold list'.")
                }
                if report.quarantined > 0 {
                    say("\(report.quarantined) edits were not applied: see 'hub quarantine list'.")
                }
                if report.passedOver > 0 { say("\(report.passedOver) batches were damaged on the device itself.") }
                if report.revoked { say("The device has been revoked: what it sent waits in quarantine.") }
                say("Its answer: reunite-sync hub bundle export --device \(report.device) --to FILE")
            }
            let waits = report.held + report.quarantined + report.passedOver
            if waits > 0 || report.revoked { throw needsPerson }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what is new for a device into a file that only it can open.",
            discussion: """
                The file begins where the device is known to have come. --whole holds everything, for a first replica or \
                one that must be repaired. --receipts holds not a value: it tells the device which edits have arrived. \
                What is shown is on record in the disclosure ledger before it leaves.

                Example: reunite-sync hub bundle export --device "Surrey laptop" --to /media/stick
                """)

        @OptionGroup var hub: HubOptions
        @Option(help: "The device, by its id or its name.") var device: String
        @Option(help: "The file to write, or a folder to write it into.") var to: String
        @Flag(help: "Everything that the device may hold.") var whole = false
        @Flag(help: "Receipts only.") var receipts = false
        @Flag(help: "Only what was closed since, and receipts: small, to go ahead of everything else.") var urgent =
            false

        func validate() throws {
            if [whole, receipts, urgent].count(where: { $0 }) > 1 {
                throw ValidationError("--whole, --receipts and --urgent exclude each other.")
            }
        }

        func run() throws {
            let opened = try hub.open()
            // Before what is shown goes on record.
            try CarrierFile.checkPlace(to)
            let content: Hub.DownContent = whole ? .whole : receipts ? .receipts : urgent ? .closings : .news
            let file = try opened.downFile(for: try opened.device(named: device), content)
            let report = WrittenBundle(
                file: try Carriers.write(file.parcel, to: to), file.label, bytes: file.parcel.length,
                device: file.device.description, rows: file.rows, receipts: file.receipts)
            try Output.show(report, as: hub.json) {
                say(
                    """
                    \(report.file): copied and verified, \(report.bytes) bytes, for \(file.deviceName) of \
                    \(file.partner): \(file.rows) rows, \(file.receipts) receipts.
                    """)
                say("On the device: reunite-sync bundle import \(report.file)")
            }
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a bundle file says of itself, and whether it is undamaged.",
            discussion: "Shows no content. Example: reunite-sync hub bundle inspect /media/stick/UP3F9A1C.RUB")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The file.") var file: String

        func run() throws {
            let opened = try hub.open()
            let source = try CarrierFile.source(file)
            let names = Dictionary(
                try opened.devices().map { ($0.id, "\($0.name) of \($0.partner)") }, uniquingKeysWith: { $1 })
            let inspection = try Inspected.checked { try opened.inspect(file: source) }
            let report = Inspected(file, inspection) { id in
                id == opened.id ? "this hub" : names[id.description]
            }
            try Output.show(report, as: hub.json) { report.tell() }
        }
    }
}
