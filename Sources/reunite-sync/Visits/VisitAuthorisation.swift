import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct VisitAuthorisation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorisation", abstract: "What governors have authorised to be carried into their prisons.",
        subcommands: [Add.self, List.self, Withdraw.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record a governor's authorisation, at an office.",
            discussion: """
                For one laptop and one prison, as the letter has it; other equipment needs another. Example: reunite-sync \
                visit authorisation add --prison BZI --device "Surrey laptop" --governor-ref G-17 --device-serial PF3X91 \
                --until 2027-05-31
                """)

        @OptionGroup var replica: ReplicaOptions
        @Option(help: "The prison's code.") var prison: String
        @Option(help: "The laptop, by name or id; 'self' for this device.") var device: String
        @Option(help: "The reference of the governor's letter.") var governorRef: String
        @Option(help: "The last day, YYYY-MM-DD.") var until: String
        @Option(help: "The laptop's serial number, as in the letter.") var deviceSerial: String?
        @Option(help: "The stick's serial number, as in the letter.") var mediaSerial: String?

        func run() throws {
            let opened = try replica.open()
            let facts = try opened.facts()
            guard facts.role == "office" else {
                throw Failure(
                    .notPermitted, what: "Recording the authorisation", why: "only an office records one",
                    remedy: "Ask the office; it arrives here with the next sync")
            }
            let today = CivilTime.londonDate(milliseconds: try opened.knownTime().now)
            let added = try opened.edit("Recording the authorisation") { database in
                let id =
                    device == "self"
                    ? facts.device : try PartnerDevices.find(device, of: facts.partner, in: database).id
                return try PrisonAuthorisations.add(
                    PrisonAuthorisations.New(
                        prison: prison, governorRef: governorRef, deviceSerial: deviceSerial,
                        mediaSerial: mediaSerial, validTo: until),
                    device: id, of: facts.partner, today: today, in: database)
            }
            try Output.show(added, as: replica.json) { say("\(added.prison) until \(added.validTo): \(added.id)") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List them, the latest first.", discussion: "Example: reunite-sync visit authorisation list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let all = try replica.open().read("Listing the authorisations") { try PrisonAuthorisations.list(in: $0) }
            try Output.show(["authorisations": all], as: replica.json) {
                Output.table(
                    ["PRISON", "LAPTOP", "REFERENCE", "UNTIL", "STATE", "ID"],
                    all.map {
                        [$0.prison, $0.device ?? $0.deviceID, $0.governorRef, $0.validTo, $0.state, $0.id]
                    })
            }
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that an authorisation was withdrawn; bundles under it open no more where that is known.",
            discussion: "Example: reunite-sync visit authorisation withdraw 3f9a1c07")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Its id, or enough of it.") var id: String

        func run() throws {
            let opened = try replica.open()
            let withdrawn = try opened.edit("Withdrawing the authorisation") {
                try PrisonAuthorisations.withdraw(id, in: $0)
            }
            try Output.show(withdrawn, as: replica.json) { say("Withdrawn.") }
        }
    }
}
