import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct HubPartner: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "Partner organisations: add, list, end.",
        subcommands: [Add.self, List.self, End.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a partner organisation to the network.",
            discussion: """
                Example: reunite-sync hub partner add SRY --name "Surrey Women's Centre" --area SRY \
                --type WOMENS_CENTRE
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "Its short code, for commands and lists.") var code: String
        @Option(help: "Its name.") var name: String
        @Option(help: "The code of its area, such as SRY.") var area: String
        @Option(help: "What kind of organisation it is.") var type: String?

        struct Report: Encodable {
            var id: String
            var code: String
            var name: String
            var area: String
        }

        func run() throws {
            let what = "Adding the partner"
            let code = try TypedText.name(code, what, of: "partner's code", Partners.codeLength)
            let name = try TypedText.name(name, what, of: "partner's name")
            let opened = try hub.open()
            let id = try opened.addPartner(code: code, name: name) { database, id in
                try Partners.add(id: id, code: code, name: name, area: area, type: type, in: database)
            }
            let report = Report(id: id.description, code: code, name: name, area: area)
            try Output.show(report, as: hub.json) {
                say("Added \(name) (\(code)).")
                say("Next: reunite-sync hub device enrol \(code) --name NAME --role office")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the partner organisations.", discussion: "Example: reunite-sync hub partner list --json")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let partners = try hub.open().partners()
            try Output.show(["partners": partners], as: hub.json) {
                Output.table(
                    ["CODE", "NAME", "DEVICES"], partners.map { [$0.code, $0.name, String($0.devices)] })
            }
        }
    }
}
