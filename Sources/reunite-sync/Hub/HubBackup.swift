import ArgumentParser
import ReUniteHub
import ReUniteReplica
import ReUniteSync

struct HubBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the hub's database as it is at one moment, while it serves.",
        discussion: """
            Once there is a backup key ('hub backup-key'), the copy is sealed to it, and the hub's keys are in it: without \
            the key nobody can read it, and with it a hub can be put up again from this file alone. The copy is read back \
            before the command ends; from then on devices rely on it, and free what it holds of their own. Keep it until \
            there is a newer one. Example: reunite-sync hub backup /backup/hub-monday.rub
            """)

    @OptionGroup var hub: HubOptions
    @Argument(help: "The file to make; it must not exist. With --verify, the one to look at.") var file: String
    @Flag(help: "Look at a backup: that it is whole and this hub's; with --key also that the database in it is sound.")
    var verify = false
    @Option(help: "The file with the backup key, for --verify.") var key: String?
    @Flag(help: "Do not seal it, though there is a key: anybody who gets the file can read all of the hub.")
    var unsealed = false
    @Flag(help: "A copy for another purpose: no device is to rely on it.") var uncounted = false

    struct Report: Encodable {
        var file: String
        var counts: Bool
        var position: Int64
        var bytes: Int
        var made: String
        var sealed: Bool
    }

    struct Check: Encodable {
        var file: String
        var sealed: Bool
        var position: Int64
        var bytes: Int
        @OrNull var made: String?
        var opened: Bool
    }

    func run() throws {
        if verify { return try check() }
        let made = try hub.open().backup(to: file, isPlain: unsealed, counts: !uncounted)
        let report = Report(
            file: file, counts: !uncounted, position: made.position, bytes: made.bytes,
            made: Output.time(made.madeMilliseconds), sealed: made.isSealed)
        if !made.isSealed {
            Output.note("Warning: the backup is not encrypted. Whoever gets the file can read all of the hub.")
            if !unsealed {
                Output.note("Make a key with 'hub backup-key --to FILE'; from then on backups are sealed to it.")
            }
        }
        try Output.show(report, as: hub.json) {
            say("Backed up to \(file): position \(report.position), \(report.bytes) bytes, read back and sound.")
            if report.counts {
                say("Devices rely on it once they have synced. Keep it until there is a newer one.")
            }
            if report.sealed {
                say("It is sealed to the backup key, with the hub's keys in it.")
            } else {
                say("The hub's keys are not in it. Keep a copy of the files 'keys' and 'ticket-key' elsewhere.")
            }
        }
    }

    private func check() throws {
        let found = try hub.open().check(backup: file, key: try key.map { try Hub.offlineKey(in: $0) })
        let report = Check(
            file: file, sealed: found.isSealed, position: found.position, bytes: found.bytes,
            made: Output.time(found.madeMilliseconds), opened: found.wasOpened)
        try Output.show(report, as: hub.json) {
            say("\(file): position \(report.position), \(report.bytes) bytes, this hub's and whole.")
            if report.opened {
                say("The database in it is sound.")
            } else {
                say("It is sealed: with --key the database in it is looked at too.")
            }
            if !report.sealed { say("It is not encrypted.") }
        }
    }
}

struct HubBackupKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup-key", abstract: "Make the key that the hub's backups are sealed to.",
        discussion: """
            The file that is written is the only place of the secret half: print it, or keep it on two sticks, and leave \
            none at the hub. The hub keeps the other half, with which nothing can be opened. Without --to it says which key \
            is in use. Example: reunite-sync hub backup-key --to /media/stick/backup-key.txt
            """)

    @OptionGroup var hub: HubOptions
    @Option(help: "The file to write the secret half to; it must not exist.") var to: String?
    @Flag(help: "Make another key though there is one. Older backups still need the former.") var replace = false
    @Option(help: "A file with a key, or with digits typed from paper: say whether it is the one in use.")
    var check: String?

    struct Report: Encodable {
        @OrNull var key: String?
        @OrNull var file: String?
        @OrNull var matches: Bool?
    }

    func run() throws {
        let opened = try hub.open()
        var report = Report(key: try opened.backupKey()?.id, file: nil, matches: nil)
        if let check {
            report.matches = try opened.isBackupKey(try Hub.offlineKey(in: check))
        } else if let to {
            report.key = try opened.makeBackupKey(to: to, replaces: replace).id
            report.file = to
        }
        try Output.show(report, as: hub.json) {
            if let matches = report.matches {
                say("It is \(matches ? "" : "NOT ")the key that backups are sealed to.")
            } else if let file = report.file {
                say("The backup key \(report.key ?? "") is in \(file), and nowhere else.")
                say("Print it, or copy it to a second stick; then take it away from this machine.")
            } else if let key = report.key {
                say("Backups are sealed to the key \(key).")
            } else {
                say("There is no backup key: backups are not encrypted.")
            }
        }
        if report.matches == false { throw needsPerson }
    }
}

struct HubRestore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the hub's database.",
        discussion: """
            Starts a new epoch: every device sends again what the hub has forgotten, and takes everything anew. What had \
            been closed since the backup stays closed, and nothing is opened to anybody before 'hub recovery open'. \
            Refuses while the hub serves. A sealed backup needs the key, and nothing else: the folder may be a new one. \
            Example: reunite-sync hub restore /backup/hub-monday.rub --key /media/stick/backup-key.txt
            """)

    @OptionGroup var hub: HubOptions
    @Argument(help: "A file of 'hub backup'.") var file: String
    @Option(help: "The file with the backup key, for a backup that is sealed.") var key: String?
    @Option(help: "The folder of 'hub serve --ledger', where the hub's own folder was lost.") var ledger: String?
    @Flag(help: "Also a backup that is older than one on which devices rely: something may be lost.") var older = false
    @Flag(help: "Go on with older keys of the hub's than devices know: those must join again.") var lostKeys = false
    @Flag(help: "Go on without what cannot be read of the ledger of batches: something may be lost.")
    var ignoreBatches = false
    @Flag(
        help:
            "Go on though somebody wrote in the ledger of closings or of erasures: unsigned lines may close, and give nothing."
    )
    var ignoreLines = false

    struct Report: Encodable {
        var hubEpoch: UInt32
        var position: Int64
        var lostPositions: Int64
        /// Batches that the ledger brought back.
        var replayed: Int
        var differing: Int
        /// Lines of the ledger that nobody signed: taken all the same, and left out.
        var unprovedLines: Int
        var leftOutLines: Int
        var recovery: RecoveryReportJSON
        @OrNull var replaced: String?
    }

    func run() throws {
        let key = try key.map { try Hub.offlineKey(in: $0) }
        if key == nil, try Hub.isSealedBackup(file) { throw Hub.noKey(for: file) }
        let leftovers = RestoreLeftovers(folder: hub.folder)
        do {
            try restore(with: key)
        } catch let failure as Failure {
            // Whoever has the folder serves it: then it was not this that failed half-way.
            if failure.code != .tryLater { leftovers.clear() }
            throw failure
        }
    }

    private func restore(with key: OfflineKey?) throws {
        if key != nil { try DurableFile.makeFolder(hub.folder) }
        let claim = try FileClaim(
            HubFiles(folder: hub.folder).claimPath, what: "Restoring the hub", holder: "'hub serve'")
        let restored = try Hub.restore(
            from: file, key: key, folder: hub.folder, ledger: ledger, acceptsOlder: older,
            acceptsLostKeys: lostKeys, ignoresBatches: ignoreBatches, ignoresLines: ignoreLines, network: .reunite,
            time: SystemTime(),
            randomness: newIdentifier)
        withExtendedLifetime(claim) {}
        let report = Report(
            hubEpoch: restored.epoch, position: restored.position,
            lostPositions: restored.reached - restored.position, replayed: restored.replayed,
            differing: restored.differing, unprovedLines: restored.unprovedLines,
            leftOutLines: restored.leftOutLines, recovery: RecoveryReportJSON(restored.recovery),
            replaced: restored.replaced)
        try Output.show(report, as: hub.json) {
            say("Restored to position \(report.position); epoch \(report.hubEpoch) has begun.")
            if report.replayed > 0 { say("The ledger brought back \(report.replayed) batches.") }
            if report.differing > 0 {
                say("Of \(report.differing) of them the hub says something else now: see 'hub quarantine list'.")
            }
            if report.unprovedLines + report.leftOutLines > 0 {
                say(
                    "Of the ledger's lines that are not proved to be the hub's \(report.unprovedLines) close something and were "
                        + "taken; \(report.leftOutLines) were left out. What was there is kept under the name '.damaged'."
                )
            }
            if report.lostPositions > 0 {
                say(
                    "The hub had come \(report.lostPositions) positions further. Devices bring back what they know of that."
                )
            }
            if let replaced = report.replaced {
                say("The database that was there is \(replaced): delete it when it is of no use.")
            }
            report.recovery.printText()
        }
    }
}

struct HubRecovery: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery", abstract: "See a restored hub through until everybody has come back.",
        subcommands: [Status.self, Open.self, Allow.self, Salvage.self, Take.self, Dismiss.self],
        defaultSubcommand: Status.self)

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What has come back, who is awaited, what stays closed.",
            discussion: "Example: reunite-sync hub recovery status")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let report = RecoveryReportJSON(try hub.open().recovery())
            try Output.show(report, as: hub.json) { report.printText() }
            if !report.open || !report.bars.isEmpty || report.salvage > 0 { throw needsPerson }
        }
    }

    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the restored hub open scopes again, as its rows say.",
            discussion: """
                What had been closed at positions that were lost stays closed. \
                Example: reunite-sync hub recovery open --by "A. Mensah" --reason "All offices have synced"
                """)

        @OptionGroup var hub: HubOptions
        @Option(help: "Who decides.") var by: String
        @Option(help: "Why.") var reason: String

        func run() throws {
            let opened = try hub.open()
            let scopes = try opened.openRestored(by: by, reason: reason)
            let report = RecoveryReportJSON(try opened.recovery())
            try Output.show(report, as: hub.json) {
                say("The hub is open: \(scopes) scopes are shown again to those who may see them.")
                report.printText()
            }
        }
    }

    struct Allow: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open what had been closed to somebody at a position that was lost.",
            discussion: "Example: reunite-sync hub recovery allow 5ad4e73d")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The id of the closing, or the first digits of it.") var id: String

        func run() throws {
            let opened = try hub.open()
            try opened.allow(bar: id)
            let report = RecoveryReportJSON(try opened.recovery())
            try Output.show(report, as: hub.json) { report.printText() }
        }
    }

    struct Salvage: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Values that only replicas know of: their authors have not come back.",
            discussion: "Example: reunite-sync hub recovery salvage")

        @OptionGroup var hub: HubOptions

        struct Value: Encodable {
            var id: String
            var table: String
            var row: String
            var scope: String
            var columns: [String]
            var values: [String?]
            var current: [String?]?
            var withheld: Bool
            var position: Int64
            var device: String
            var partner: String
            var shown: String
        }

        func run() throws {
            let values = try hub.open().salvage().map {
                Value(
                    id: $0.id, table: $0.table, row: $0.row, scope: $0.scope, columns: $0.columns, values: $0.values,
                    current: $0.current, withheld: $0.isWithheld, position: $0.position, device: $0.device,
                    partner: $0.partner,
                    shown: Output.time($0.shownMilliseconds))
            }
            try Output.show(["salvage": values], as: hub.json) {
                Output.table(
                    ["ID", "TABLE", "COLUMNS", "VALUE", "HUB SHOWS", "SHOWN BY"],
                    values.map {
                        [
                            String($0.id.prefix(8)), $0.table, $0.columns.joined(separator: ","),
                            $0.withheld ? "withheld" : $0.values.map { $0 ?? "-" }.joined(separator: ","),
                            $0.current.map { [withheld = $0.withheld] in
                                withheld ? "withheld" : $0.map { $0 ?? "-" }.joined(separator: ",")
                            } ?? "no such row",
                            "\($0.partner) \($0.device)",
                        ]
                    })
            }
            if !values.isEmpty { throw needsPerson }
        }
    }

    struct Take: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a salvaged value as the hub's own edit.",
            discussion: """
                Example: reunite-sync hub recovery take 5ad4e73d --by "A. Mensah" --reason "The laptop is lost"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The id of the value, or the first digits of it.") var id: String
        @Option(help: "Who decides.") var by: String
        @Option(help: "Why.") var reason: String

        func run() throws {
            let taken = try hub.open().take(salvage: id, by: by, reason: reason)
            try Output.show(["taken": taken], as: hub.json) { say("Taken.") }
        }
    }

    struct Dismiss: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a salvaged value go.",
            discussion: """
                Example: reunite-sync hub recovery dismiss 5ad4e73d --by "A. Mensah" --reason "Written anew since"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The id of the value, or the first digits of it.") var id: String
        @Option(help: "Who decides.") var by: String
        @Option(help: "Why.") var reason: String

        func run() throws {
            let dismissed = try hub.open().dismiss(salvage: id, by: by, reason: reason)
            try Output.show(["dismissed": dismissed], as: hub.json) { say("Let go; it stays on record.") }
        }
    }
}

/// How a restored hub stands, in a report.
struct RecoveryReportJSON: Encodable {
    var hubEpoch: UInt32
    var open: Bool
    var position: Int64
    var began: Int64
    @OrNull var restored: String?
    var heldScopes: Int
    var hiddenRows: Int
    var recalled: Int
    var missing: Int
    var salvage: Int
    var bars: [Bar]
    var awaited: [Awaited]

    struct Bar: Encodable {
        var id: String
        var partner: String
        @OrNull var device: String?
        var scope: String
        var classes: [String]
        var position: Int64
    }

    struct Awaited: Encodable {
        var device: String
        var name: String
        var partner: String
        @OrNull var lastSeen: String?
    }

    init(_ state: RecoveryState) {
        hubEpoch = state.epoch
        open = state.isOpen
        position = state.restored
        began = state.began
        restored = Output.time(state.restoredMilliseconds)
        heldScopes = state.heldScopes
        hiddenRows = state.hiddenRows
        recalled = state.recalled
        missing = state.missing
        salvage = state.salvage
        bars = state.bars.map {
            Bar(
                id: $0.id, partner: $0.partner, device: $0.device, scope: $0.scope, classes: $0.classes,
                position: $0.position)
        }
        awaited = state.awaited.map {
            Awaited(device: $0.id, name: $0.name, partner: $0.partner, lastSeen: Output.time($0.lastSeen))
        }
    }

    func printText() {
        guard let restored else {
            say("The hub was never restored.")
            return
        }
        say("Epoch \(hubEpoch), restored \(restored) to position \(position).")
        say(
            open
                ? "The hub is open."
                : "The hub opens nothing to anybody yet: 'hub recovery open', once the devices are back.")
        say("\(recalled) batches have come back, \(missing) that devices told of have not.")
        if heldScopes > 0 { say("\(heldScopes) scopes are held back from somebody who may see them by the rows.") }
        if salvage > 0 { say("\(salvage) values are known from replicas only: 'hub recovery salvage'.") }
        if !awaited.isEmpty {
            say("Awaited:")
            Output.table(
                ["PARTNER", "DEVICE", "LAST SEEN"], awaited.map { [$0.partner, $0.name, $0.lastSeen ?? "never"] })
        }
        guard !bars.isEmpty else { return }
        say("Closed since the backup, and kept closed until what closed it comes back or 'hub recovery allow ID':")
        Output.table(
            ["ID", "PARTNER", "DEVICE", "SCOPE", "CLASSES"],
            bars.map {
                [String($0.id.prefix(8)), $0.partner, $0.device ?? "", $0.scope, $0.classes.joined(separator: ",")]
            })
    }
}
