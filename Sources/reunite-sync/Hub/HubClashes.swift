import ArgumentParser
import ReUniteHub
import ReUniteProgramme

/// Rows that should differ and do not.
struct ClashReport: Encodable {
    var id: String
    var table: String
    var key: String
    var value: [String: String?]
    var rows: [OpenClash.Member]
    var opened: String
    var withheld: Bool
    @OrNull var workingDaysWaited: Int?

    init(_ clash: OpenClash, _ clock: OfficerClock) {
        id = clash.id
        table = clash.table
        key = clash.name
        value = clash.value
        rows = clash.rows
        opened = Output.time(clash.openedMilliseconds)
        withheld = clash.isWithheld
        _workingDaysWaited = OrNull(wrappedValue: clock.waited(since: clash.openedMilliseconds))
    }

    /// For people: one line each, after the conflicts.
    static func table(_ clashes: [ClashReport]) {
        guard !clashes.isEmpty else { return }
        say("\nRows that should differ and do not; both stay until somebody decides:")
        Output.table(
            ["ID", "OPENED", "TABLE", "KEY", "ROWS", "FROM"],
            clashes.map { clash in
                [
                    clash.id, clash.opened, clash.table, clash.key, String(clash.rows.count),
                    Set(clash.rows.map(\.partner)).sorted().joined(separator: ","),
                ]
            })
    }
}

struct HubKeepBoth: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep-both", abstract: "Close a clash: both rows are right as they are.",
        discussion: """
            Example: reunite-sync hub conflicts keep-both CLASH-ID --reason "Old paper reference, agreed by telephone"
            """)

    @OptionGroup var hub: HubOptions
    @Argument(help: "The clash's id.") var id: String
    @Option(help: "Why both are right; ten characters or more.") var reason: String

    struct Report: Encodable {
        var id: String
        var state: String
    }

    func run() throws {
        try hub.open().keepBoth(clash: id, reason: reason)
        try Output.show(Report(id: id, state: "kept"), as: hub.json) {
            say("Both rows stay. The clash is off the list; a third row with the same value would open another.")
        }
    }
}
