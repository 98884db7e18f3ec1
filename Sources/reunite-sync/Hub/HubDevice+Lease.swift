import ArgumentParser
import ReUniteHub

extension HubDevice {
    struct Lease: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show or say for how many days a device may stay away.",
            discussion: """
                After that it shows no case and is served nothing until 'hub device renew'; what was typed on it is taken \
                and judged as ever. Example: \
                reunite-sync hub device lease --days 60 --by "A. Mensah" --reason "The board decided so"
                """)

        @OptionGroup var hub: HubOptions
        @Option(help: "1 to 3650; 0 for no lease at all.") var days: Int?
        @Option(help: "Who decides.") var by: String?
        @Option(help: "Why.") var reason: String?

        struct Report: Encodable {
            @OrNull var days: Int?
            var expired: [DeviceReport]
        }

        func validate() throws {
            guard days == nil || (by != nil && reason != nil) else {
                throw ValidationError("--days needs --by and --reason.")
            }
        }

        func run() throws {
            let opened = try hub.open()
            if let days, let by, let reason {
                try opened.set(leaseDays: days == 0 ? nil : days, by: by, reason: reason)
            }
            let expired = try opened.devices().filter { $0.state == "expired" }.map(DeviceReport.init)
            let report = Report(days: try opened.leaseDays(), expired: expired)
            try Output.show(report, as: hub.json) {
                say(report.days.map { "A device may stay away for \($0) days." } ?? "Devices have no lease.")
                if !expired.isEmpty { DeviceReport.printTable(expired) }
            }
        }
    }

    struct Renew: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a device in again whose lease has ended, or give it a longer one for once.",
            discussion: """
                Make sure who has it first, by telephone for example. \
                Example: reunite-sync hub device renew "Surrey laptop" --by "A. Mensah" --reason "Back from leave"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String
        @Option(help: "How many days from now; as many as every device has, unless told otherwise.") var days: Int?
        @Option(help: "Who decides.") var by: String
        @Option(help: "Why.") var reason: String

        func run() throws {
            let renewed = try hub.open().renew(device: device, days: days, by: by, reason: reason)
            let report = DeviceReport(renewed)
            try Output.show(report, as: hub.json) {
                say("\(report.name) of \(report.partner): lease until \(report.lease ?? ""). It must sync now.")
            }
        }
    }
}
