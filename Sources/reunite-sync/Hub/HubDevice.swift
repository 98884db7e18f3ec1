import ArgumentParser
import ReUniteHub
import ReUniteReplica
import ReUniteSync

struct HubDevice: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Devices: invite with a code, list, rename, renew, revoke.",
        subcommands: [
            Enrol.self, Admit.self, List.self, Show.self, Rename.self, Lease.self, Renew.self, Revoke.self,
            Readmit.self,
        ])

    struct Enrol: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a one-time code with which a device may join.",
            discussion: "Example: reunite-sync hub device enrol SRY --name \"Surrey office\" --role office")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The partner's code.") var partner: String
        @Option(help: "What the device is called.") var name: String
        @Option(help: "office or field.") var role: String
        @Option(help: "How many hours the code is good, 1 to 720.") var hours = 24

        struct Report: Encodable {
            var code: String
            var device: String
            var expires: String
        }

        func run() throws {
            let invitation = try hub.open().invite(partner: partner, name: name, role: role, hours: hours)
            let report = Report(
                code: invitation.code, device: invitation.device.description,
                expires: Output.time(invitation.expiresMilliseconds))
            try Output.show(report, as: hub.json) {
                say("Code: \(report.code)   (until \(report.expires), once)")
                say("On the device: reunite-sync join HUB-URL --code \(report.code)")
            }
        }
    }

    struct Admit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer a device that asks to join with a file.",
            discussion: """
                The file is from 'join --request', and proves the device's one-time code; the answer is for 'join \
                --answer'. Example: reunite-sync hub device admit /media/stick/JOIN.REQ --to /media/stick
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The file with the request.") var file: String
        @Option(help: "The file to write the answer to, or a folder to write it into.") var to: String

        func run() throws {
            let opened = try hub.open()
            let request = try Carriers.readLetter(file)
            try CarrierFile.checkPlace(to)
            let answer = try opened.enrol(request)
            let path = try Carriers.writeLetter(answer, named: "JOIN.ANS", to: to)
            let words = fourWords(EnrolAnswer.transcriptHash(request: request, answer: answer)).joined(separator: " ")
            try Output.show(["file": path, "words": words], as: hub.json) {
                say("\(path): copied and verified.")
                say("The device shows these words when it has joined: \(words)")
                say("On the device: reunite-sync join HUB-URL --code CODE --answer \(path)")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the devices: last seen, how far behind, whether they agree.",
            discussion: "Example: reunite-sync hub device list")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let devices = try hub.open().devices().map(DeviceReport.init)
            try Output.show(["devices": devices], as: hub.json) { DeviceReport.printTable(devices) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one device, and the keys that it has had.",
            discussion: "Example: reunite-sync hub device show \"Surrey office\"")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String

        struct Key: Encodable {
            var number: UInt32
            var id: String
            var since: String
            @OrNull var replaced: String?
            @OrNull var lastBatch: UInt64?
        }

        struct Report: Encodable {
            var device: DeviceReport
            var keys: [Key]
        }

        func run() throws {
            let opened = try hub.open()
            let id = try opened.device(named: device)
            guard let found = try opened.devices().first(where: { $0.id == id.description }) else { return }
            let keys = try opened.deviceKeys(of: id).map {
                Key(
                    number: $0.number, id: $0.id, since: Output.time($0.sinceMilliseconds),
                    replaced: Output.time($0.replacedMilliseconds), lastBatch: $0.lastBatch)
            }
            let report = Report(device: DeviceReport(found), keys: keys)
            try Output.show(report, as: hub.json) {
                DeviceReport.printTable([report.device])
                say("")
                Output.table(
                    ["KEYS", "ID", "SINCE", "REPLACED", "LAST BATCH"],
                    keys.map {
                        [
                            String($0.number), $0.id, $0.since, $0.replaced ?? "in use",
                            $0.lastBatch.map { String($0) } ?? "",
                        ]
                    })
            }
        }
    }

    struct Readmit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a device in again of which two copies were seen.",
            discussion: """
                What both copies sent meanwhile is judged now; nothing of either is lost. Put one of the copies away when \
                it has sent all that it has: the next time both are used, the device is shut out again. \
                Example: reunite-sync hub device readmit DEVICE --by "A. Mensah" --reason "The old laptop is wiped"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String
        @Option(help: "Who decides.") var by: String
        @Option(help: "Why.") var reason: String

        struct Report: Encodable {
            var device: DeviceReport
            var taken: Int
            var waiting: Int
        }

        func run() throws {
            let done = try hub.open().readmit(device: device, by: by, reason: reason)
            let report = Report(device: DeviceReport(done.device), taken: done.taken, waiting: done.waiting)
            try Output.show(report, as: hub.json) {
                say("\(report.device.name) of \(report.device.partner) may sync again.")
                say("\(done.taken) edits were taken.")
                if done.waiting > 0 { say("\(done.waiting) wait in quarantine: 'hub quarantine list'.") }
            }
            if done.waiting > 0 { throw needsPerson }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a device: it is served nothing more.",
            discussion: "Example: reunite-sync hub device revoke \"Surrey laptop\" --by Ada --reason \"It was stolen\"")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String

        @Option(help: "Who decides.") var by: String?
        @Option(help: "Why, in at least 10 characters.") var reason: String?

        func run() throws {
            let (ended, wasRevoked) = try hub.open().revokeTelling(device: device, by: by, reason: reason)
            let report = DeviceReport(ended)
            try Output.show(report, as: hub.json) {
                say(
                    wasRevoked
                        ? "\(report.name) of \(report.partner) was revoked already. Nothing was changed."
                        : "Revoked \(report.name) of \(report.partner).")
            }
        }
    }
}

/// A device in a report.
struct DeviceReport: Encodable {
    var device: String
    var partner: String
    var name: String
    var role: String
    var state: String
    @OrNull var lastSeen: String?
    var cursor: Int64
    var behind: Int64
    var digest: String
    var unsent: Int64
    @OrNull var clockSkewSeconds: Double?
    @OrNull var schema: Int64?
    @OrNull var words: String?
    @OrNull var keyNumber: UInt32?
    @OrNull var keysSince: String?
    @OrNull var lease: String?
    /// How often its log forked: a copy of it was used, or a file put back.
    var forks: Int

    init(_ device: Hub.Device) {
        self.device = device.id
        partner = device.partner
        name = device.name
        role = device.role
        state = device.state
        lastSeen = Output.time(device.lastSeen)
        cursor = device.cursor
        behind = device.behind
        digest = device.digest
        unsent = device.unsent
        clockSkewSeconds = device.clockSkewMilliseconds.map { Double($0) / 1_000 }
        schema = device.schema
        words = device.words
        keyNumber = device.keyNumber
        keysSince = Output.time(device.keysSinceMilliseconds)
        lease = Output.time(device.lease)
        forks = device.forks
    }

    static func printTable(_ devices: [DeviceReport]) {
        Output.table(
            ["PARTNER", "NAME", "ROLE", "STATE", "LAST SEEN", "BEHIND", "AGREES", "UNSENT", "KEYS", "SINCE", "WORDS"],
            devices.map {
                [
                    $0.partner, $0.name, $0.role, $0.state, $0.lastSeen ?? "never", String($0.behind), $0.digest,
                    String($0.unsent), $0.keyNumber.map { String($0) } ?? "", $0.keysSince ?? "", $0.words ?? "",
                ]
            })
        for device in devices where device.forks > 0 {
            say(
                "\(device.name) of \(device.partner): its log has forked, \(Wording.count(device.forks, "time")): a copy of it "
                    + "was in use, or a file was put back. Ask its user whether there are two.")
        }
    }
}
