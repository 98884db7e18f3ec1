import ArgumentParser
import ReUniteHub
import ReUniteSync

struct HubConflicts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "The operator's work-list: values that stand beside each other.",
        subcommands: [List.self, Show.self, HubKeepBoth.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the open conflicts, oldest first.",
            discussion: "Example: reunite-sync hub conflicts list --json")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let opened = try hub.open()
            let conflicts = try opened.conflicts().map(ConflictReport.init)
            let clashes = try opened.clashes().map(ClashReport.init)
            try Output.show(WorkList(conflicts: conflicts, clashes: clashes), as: hub.json) {
                Output.table(
                    ["ID", "OPENED", "TABLE", "COLUMNS", "VALUES"],
                    conflicts.map {
                        [$0.id, $0.opened, $0.table, $0.columns.joined(separator: "+"), String($0.values.count)]
                    })
                ClashReport.table(clashes)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a conflict: every value, who wrote it, where and when.",
            discussion: "Example: reunite-sync hub conflicts show CONFLICT-ID")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The conflict's id.") var id: String

        func run() throws {
            guard let conflict = try hub.open().conflicts().first(where: { $0.id == id }) else {
                throw Failure(
                    .noInput, what: "Showing the conflict", why: "no open conflict has that id",
                    remedy: "See 'hub conflicts list'")
            }
            let report = ConflictReport(conflict)
            try Output.show(report, as: hub.json) {
                print("\(report.table) \(report.row): \(report.columns.joined(separator: ", "))")
                for value in report.values {
                    let fields = value.value.sorted { $0.key < $1.key }
                        .map { "\($0.key) = \($0.value ?? "(nothing)")" }.joined(separator: ", ")
                    print(" \(value.shown ? "*" : " ") \(value.number). \(fields)")
                    print(
                        "      by \(value.partner), \(value.device); written \(value.written), came \(value.received)")
                }
                print("The one marked * is what everyone sees until a person decides.")
            }
        }
    }
}

struct ConflictReport: Encodable {
    struct Candidate: Encodable {
        var number: Int
        var value: [String: String?]
        var partner: String
        var device: String
        var written: String
        var received: String
        var shown: Bool
    }

    var id: String
    var table: String
    var row: String
    var columns: [String]
    var scope: String
    var opened: String
    var values: [Candidate]

    init(_ conflict: OpenConflict) {
        id = conflict.id
        table = conflict.table
        row = conflict.row
        columns = conflict.columns
        scope = conflict.scope
        opened = Output.time(conflict.openedMilliseconds)
        values = conflict.values.map {
            Candidate(
                number: $0.number, value: $0.value, partner: $0.partner, device: $0.device,
                written: Output.time($0.writtenMilliseconds), received: Output.time($0.receivedMilliseconds),
                shown: $0.shown)
        }
    }
}
