import ArgumentParser
import ReUniteHub

extension HubDevice {
    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Call a device something else.",
            discussion: """
                Its partner sees the new name with the next sync. \
                Example: reunite-sync hub device rename "Surrey laptop" "Surrey laptop, Guildford" --by "A. Mensah"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String
        @Argument(help: "What it is called from now on: 1 to 200 characters.") var name: String
        @Option(help: "Who decides; without it the user of this machine.") var by: String?

        func run() throws {
            let renamed = try hub.open().rename(device: device, to: name, by: by ?? DecisionOptions.user)
            let report = DeviceReport(renamed)
            try Output.show(report, as: hub.json) { say("It is called \(report.name) now.") }
        }
    }
}
