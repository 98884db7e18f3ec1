import ArgumentParser
import ReUniteHub
import ReUniteSync

struct HubHold: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Batches that wait for their predecessors, or for a newer program at the hub.",
        subcommands: [List.self, Release.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the batches that are held, oldest first.",
            discussion: "Example: reunite-sync hub hold list")

        @OptionGroup var hub: HubOptions

        struct Item: Encodable {
            var id: String
            var partner: String
            var device: String
            var received: String
            var edits: Int
            var proved: Bool
            /// The schema that the hub must have first; null where the predecessor is missing.
            @OrNull var schema: Int?
        }

        func run() throws {
            let held = try hub.open().holds()
            let items = held.map {
                Item(
                    id: $0.id, partner: $0.partner, device: $0.device, received: Output.time($0.receivedMilliseconds),
                    edits: $0.edits, proved: $0.isProved, schema: $0.schema)
            }
            try Output.show(["held": items], as: hub.json) {
                Output.table(
                    ["ID", "AGE", "PARTNER", "DEVICE", "EDITS", "WAITS FOR"],
                    held.map {
                        [
                            $0.id, Wording.age(since: $0.receivedMilliseconds), $0.partner, $0.device, String($0.edits),
                            $0.schema.map { "schema \($0)" } ?? "its predecessor",
                        ]
                    })
                if held.contains(where: { $0.schema != nil }) { say("\(Wording.hubIsOlder)") }
            }
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge a batch whose predecessor will never come, as if its author had seen nothing before it.",
            discussion: """
                At worst a person is asked once too often. Wait as long as the predecessor may still arrive, for \
                example on a stick.

                Example: reunite-sync hub hold release 3fa1
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The batch's id, or at least its first four digits.") var id: String
        @Option(help: "Who decides.") var by: String?
        @Option(help: "Why, in at least 10 characters.") var reason: String?

        struct Report: Encodable {
            var edits: Int
            var accepted: Int
            var quarantined: Int
        }

        func run() throws {
            let receipt = try hub.open().release(held: id, name: by, reason: reason)
            let kept = receipt.exceptions.filter { $0.verdict == .quarantined }.count
            let other = receipt.exceptions.filter { $0.verdict == .obsolete }.count
            let edits = Int(receipt.opCount)
            let report = Report(edits: edits, accepted: edits - kept - other, quarantined: kept)
            try Output.show(report, as: hub.json) {
                say("\(report.accepted) of \(edits) edits were accepted, \(kept) wait in quarantine.")
            }
            if kept > 0 { throw needsPerson }
        }
    }
}
