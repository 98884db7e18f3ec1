import ArgumentParser
import ReUniteHub
import ReUniteSync

struct HubRotateKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-keys", abstract: "Make new keys for the hub, and use them from now on.",
        discussion: """
            Devices need do nothing: each is told by whatever goes to it next, over the network or in a file, and seals to \
            the new keys from then on. What they sealed to the former ones is taken as ever, until every device has been \
            heard of since and a backup holds what it had written: then the former keys are destroyed. Works while 'hub \
            serve' runs. Make a backup afterwards. Example: reunite-sync hub rotate-keys
            """)

    @OptionGroup var hub: HubOptions

    func run() throws {
        let opened = try hub.open()
        let report = HubKeyReport(try opened.rotateKeys())
        try Output.show(report, as: hub.json) {
            say("New keys, number \(report.number), are in use: \(report.words)")
            say("Former keys stay until nobody needs them: see 'hub keys'.")
        }
        if try opened.backupKey() == nil {
            Output.note(
                "There is no backup key, so no backup holds these keys: keep a copy of 'keys' and 'ticket-key' elsewhere."
            )
        }
    }
}

struct HubKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The hub's own keys: which there are, and who still needs the former ones.",
        subcommands: [List.self, WriteOff.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the hub's keys, and for whose sake former ones are still here.",
            discussion: """
                The four words are what 'status' shows on a device that knows these keys. \
                Example: reunite-sync hub keys list --json
                """)

        @OptionGroup var hub: HubOptions

        func run() throws {
            let keys = try hub.open().keyList().map(HubKeyReport.init)
            try Output.show(["keys": keys], as: hub.json) {
                Output.table(
                    ["KEYS", "ID", "WORDS", "SINCE", "STATE"],
                    keys.map { [String($0.number), $0.id, $0.words, $0.since, $0.state] })
                for key in keys {
                    for holder in key.heldBy {
                        say("Number \(key.number): \(holder.name) of \(holder.partner) \(holder.explanation)")
                    }
                }
            }
        }
    }

    struct WriteOff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop waiting for what a device may have sealed to former keys.",
            discussion: """
                For a device whose lease has ended, and that nobody expects back; one that was revoked is not waited for in \
                any case. If it comes back after all, what it wrote about cases that had left it by then cannot be read. \
                Example: reunite-sync hub keys write-off "Surrey laptop" --by "A. Mensah" --reason "Stolen in May"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String
        @Option(help: "Who decides.") var by: String
        @Option(help: "Why.") var reason: String

        func run() throws {
            let count = try hub.open().writeOff(keysOf: device, by: by, reason: reason)
            try Output.show(["keys": count], as: hub.json) {
                say("It holds back none of the hub's former keys any more; it had held \(count).")
            }
        }
    }
}

/// A pair of the hub's keys as it is printed.
struct HubKeyReport: Encodable {
    struct Holder: Encodable {
        var device: String
        var name: String
        var partner: String
        var reason: String
        @OrNull var lastSeen: String?
        var explanation: String

        init(_ holder: Hub.KeyHolder) {
            device = holder.device
            name = holder.name
            partner = holder.partner
            reason = holder.reason.rawValue
            lastSeen = Output.time(holder.lastSeenMilliseconds)
            explanation =
                switch holder.reason {
                case .notSeen: "has not been heard of since others took their place"
                case .unsent: "has written what is not here yet"
                case .backup: "is done with them once a backup holds what it had written: run 'hub backup'"
                case .copies: "was seen twice: see 'hub device readmit'"
                case .leaseOver: "has not been heard of since, and its lease has ended: see 'hub keys write-off'"
                }
        }

        enum CodingKeys: CodingKey {
            case device, name, partner, reason, lastSeen
        }
    }

    var number: UInt32
    var id: String
    var words: String
    var verifierKey: String
    var since: String
    @OrNull var replaced: String?
    @OrNull var destroyed: String?
    var heldBy: [Holder]

    init(_ key: Hub.Key) {
        number = key.number
        id = key.id
        words = key.words
        verifierKey = key.verifierKey
        since = Output.time(key.sinceMilliseconds)
        replaced = Output.time(key.replacedMilliseconds)
        destroyed = Output.time(key.destroyedMilliseconds)
        heldBy = key.heldBy.map(Holder.init)
    }

    var state: String {
        if let destroyed { return "destroyed \(destroyed)" }
        guard let replaced else { return "in use" }
        return "replaced \(replaced), " + (heldBy.isEmpty ? "to be destroyed by the next tending" : "held back")
    }
}
