import ArgumentParser
import ReUniteReplica
import ReUniteSync

struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "This device's keys.", subcommands: [RotateKeys.self])

    struct RotateKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-keys", abstract: "Make new keys for this device, and use them from now on.",
            discussion: """
                Needs no connection: the hub is told by the next 'sync', or by the next 'bundle export' that is imported \
                there. Nothing is lost by it: what was written before stays good, and what the hub sealed to the former \
                keys can be opened still. A copy of the former keys is of no use to anybody once the hub has been told. \
                Example: reunite-sync device rotate-keys
                """)

        @OptionGroup var replica: ReplicaOptions

        struct Report: Encodable {
            var keyNumber: UInt32
            @OrNull var keysSince: String?
            var keysKnownToHub: Bool
        }

        func run() throws {
            let opened = try replica.open()
            let claim = try opened.claim(what: "Making new keys", holder: "'sync' or a 'bundle'")
            let state = try opened.rotateKeys()
            withExtendedLifetime(claim) {}
            let report = Report(
                keyNumber: state.number, keysSince: Output.time(state.sinceMilliseconds), keysKnownToHub: state.isKnown)
            try Output.show(report, as: replica.json) {
                say("New keys, number \(report.keyNumber), are in use.")
                say("The next sync tells the hub of them, or the next 'bundle export' that is imported there.")
            }
        }
    }
}
