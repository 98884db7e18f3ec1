import ArgumentParser
import ReUniteReplica
import ReUniteSync

extension Relay {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what waits in the mailbox, both ways, and what the hub refused.",
            discussion: """
                What a device wrote into a file that was refused is in its outbox still: have a new file made there. It is \
                struck off here once the hub takes that, or with 'relay drop'. Example: reunite-sync relay list
                """)

        @OptionGroup var replica: ReplicaOptions

        struct Item: Encodable {
            var device: String
            var kind: String
            var bundle: String
            var bytes: Int
            var created: String

            init(_ item: RelayBox.Item) {
                device = item.device.description
                kind = item.label.kind.word
                bundle = item.label.id.description
                bytes = item.bytes
                created = Output.time(item.label.createdMilliseconds)
            }
        }

        struct Refused: Encodable {
            var name: String
            var device: String
            var bundle: String
            var bytes: Int
            var created: String
            var at: String
            var why: String

            init(_ refused: RelayBox.Refused) {
                name = refused.name
                device = refused.item.device.description
                bundle = refused.item.label.id.description
                bytes = refused.item.bytes
                created = Output.time(refused.item.label.createdMilliseconds)
                at = Output.time(refused.atMilliseconds)
                why = refused.why
            }
        }

        struct Report: Encodable {
            var toHub: [Item]
            var fromHub: [Item]
            var refused: [Refused]
        }

        func run() throws {
            let box = try replica.open().relayBox
            let report = Report(
                toHub: box.waiting().map(Item.init), fromHub: box.letters().map(Item.init),
                refused: box.refused().map(Refused.init))
            try Output.show(report, as: replica.json) {
                Output.table(
                    ["WAY", "DEVICE", "KIND", "BYTES", "CREATED"],
                    (report.toHub.map { ("to the hub", $0) } + report.fromHub.map { ("from the hub", $0) }).map {
                        [$0.0, $0.1.device, $0.1.kind, String($0.1.bytes), $0.1.created]
                    })
                let names = report.refused.map(\.name)
                for one in report.refused {
                    say(
                        "\(names.shortest(of: one.name)): of device \(one.device), made \(one.created), refused by the hub on \(one.at): \(one.why)."
                    )
                }
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Throw a file away that the hub refused, once its device has been seen to.",
            discussion: "Example: reunite-sync relay drop 0199c1f0")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Its name, or the beginning of it, as 'relay list' shows it.") var name: String

        struct Report: Encodable {
            var dropped: String
            var device: String
        }

        func run() throws {
            let dropped = try replica.open().relayBox.drop(name)
            let report = Report(dropped: dropped.name, device: dropped.item.device.description)
            try Output.show(report, as: replica.json) {
                say(
                    "Thrown away: \(report.dropped), of device \(report.device). What that device wrote is in its outbox."
                )
            }
        }
    }
}
