import ArgumentParser
import ReUniteHub
import ReUniteReplica
import ReUniteSync

struct HubInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a hub: its database, its keys, an empty network.",
        discussion: "Refuses a folder that holds a hub. Example: reunite-sync hub init --hub-dir hub --name Network")

    @OptionGroup var hub: HubOptions
    @Option(help: "What the hub is called.") var name: String
    @Option(help: "For how many days a device may stay away, 1 to 3650; 0 for as long as it likes.") var leaseDays = 90

    struct Report: Encodable {
        var hub: String
        var name: String
        var folder: String
        var schema: Int
        @OrNull var leaseDays: Int?
    }

    func validate() throws {
        guard (0...Hub.leaseDaysLimit).contains(leaseDays) else {
            throw ValidationError("--lease-days must be from 0 to \(Hub.leaseDaysLimit).")
        }
    }

    func run() throws {
        let made = try Hub.create(
            folder: hub.folder, name: try TypedText.name(name, "Making the hub", of: "hub's name"), network: .reunite,
            time: SystemTime(), randomness: newIdentifier)
        if leaseDays > 0 { try made.set(leaseDays: leaseDays, by: "hub init", reason: "As the hub was made") }
        let report = Report(
            hub: made.id.description, name: made.name, folder: hub.folder, schema: NetworkSchema.reunite.version,
            leaseDays: try made.leaseDays())
        try Output.show(report, as: hub.json) {
            say("Made the hub “\(report.name)” in \(report.folder).")
            say("Next: reunite-sync hub partner add CODE --name NAME --area AREA --hub-dir \(report.folder)")
        }
    }
}
