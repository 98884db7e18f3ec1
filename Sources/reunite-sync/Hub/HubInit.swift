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

    struct Report: Encodable {
        var hub: String
        var name: String
        var folder: String
        var schema: Int
    }

    func run() throws {
        let made = try Hub.create(
            folder: hub.folder, name: name, network: .reunite, time: SystemTime(), randomness: newIdentifier)
        let report = Report(
            hub: made.id.description, name: made.name, folder: hub.folder, schema: NetworkSchema.reunite.version)
        try Output.show(report, as: hub.json) {
            print("Made the hub “\(report.name)” in \(report.folder).")
            print("Next: reunite-sync hub partner add CODE --name NAME --area AREA --hub-dir \(report.folder)")
        }
    }
}
