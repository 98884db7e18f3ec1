import ArgumentParser
import ReUniteHub
import ReUnitePages
import ReUniteProgramme
import ReUniteSync

struct HubQuarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Edits that were not applied; none is lost.",
        subcommands: [List.self, Show.self, Release.self, Refuse.self])

    struct Item: Encodable {
        var id: String
        var table: String
        var row: String
        var columns: [String]
        var reason: String
        var partner: String
        var device: String
        var received: String
        var explanation: String
        var state: String
        @OrNull var workingDaysWaited: Int?

        init(_ edit: QuarantinedEdit, _ clock: OfficerClock) {
            _workingDaysWaited = OrNull(
                wrappedValue: edit.state == "waiting" ? clock.waited(since: edit.receivedMilliseconds) : nil)
            id = edit.id
            table = edit.table
            row = edit.row
            columns = edit.columns
            reason = edit.reason
            partner = edit.partner
            device = edit.device
            received = Output.time(edit.receivedMilliseconds)
            explanation = edit.explanation
            state = edit.state
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what waits in quarantine, oldest first.",
            discussion: "Example: reunite-sync hub quarantine list")

        @OptionGroup var hub: HubOptions

        struct Report: Encodable {
            var quarantine: [Item]
            var officers: [OfficerClock.Officer]
        }

        func run() throws {
            let opened = try hub.open()
            let edits = try opened.quarantine()
            let clock = try opened.officerClock()
            let report = Report(quarantine: edits.map { Item($0, clock) }, officers: clock.officers)
            try Output.show(report, as: hub.json) {
                clock.tell()
                Output.table(
                    ["ID", "AGE", "PARTNER", "DEVICE", "TABLE", "ROW", "REASON"],
                    edits.map {
                        [
                            $0.id, clock.age(since: $0.receivedMilliseconds), $0.partner, $0.device, $0.table, $0.row,
                            $0.reason,
                        ]
                    })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what an edit in quarantine would write, whose it is and why it waits.",
            discussion: "Example: reunite-sync hub quarantine show 3fa1")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The edit's id, or at least its first four digits.") var id: String

        func run() throws {
            let opened = try hub.open()
            let detail = try opened.quarantined(id)
            try opened.noteView(
                of: "quarantined-edit", scope: detail.scope.flatMap { Identifier($0) },
                question: Identifier(detail.edit.id))
            try Output.show(QuarantineDetailReport(detail, try opened.officerClock()), as: hub.json) {
                QuarantineDetailReport.show(detail)
            }
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have an edit applied after all, under its author's name; what waited for it follows.",
            discussion: "Example: reunite-sync hub quarantine release 3fa1 --reason \"Made before the transfer\"")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The edit's id, or at least its first four digits.") var id: String
        @OptionGroup var decision: DecisionOptions

        func run() throws {
            let (released, untold) = try hub.open()
                .releaseTelling(id, by: decision.person, reason: decision.reason)
            try Output.show(ReleaseReport(released, untold), as: hub.json) {
                if released.outcome == "obsolete" {
                    say("Nothing was changed: \(released.explanation ?? "")")
                } else {
                    say("Applied. It reaches every replica with its next sync.")
                    if let explanation = released.explanation { say("Not all of it: \(explanation)") }
                }
                if released.alsoReleased > 0 { say("\(released.alsoReleased) edits that waited for it followed.") }
                if let untold { say("Its author is not told the reason: \(untold).") }
                if released.opensConflict { say("It stands beside another value: see 'hub conflicts list'.") }
            }
            if released.opensConflict { throw needsPerson }
        }
    }

    struct Refuse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse an edit for good. It is kept, and its author is told.",
            discussion: "Example: reunite-sync hub quarantine refuse 3fa1 --reason \"Typed into the wrong case\"")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The edit's id, or at least its first four digits.") var id: String
        @OptionGroup var decision: DecisionOptions

        func run() throws {
            let (id, untold) = try hub.open().refuseTelling(id, by: decision.person, reason: decision.reason)
            try Output.show(RefusalReport(id: id, untold: untold), as: hub.json) {
                say("Refused. Its author is told with the next sync\(untold == nil ? ", and why" : "").")
                if let untold { say("The reason itself is not told: \(untold).") }
            }
        }
    }
}

/// What came of a release, and why its author is not told the reason; null where it is.
private struct ReleaseReport: Encodable {
    private struct Untold: Encodable {
        @OrNull var untold: String?
    }

    private let released: ReleasedEdit
    private let untold: Untold

    init(_ released: ReleasedEdit, _ untold: String?) {
        self.released = released
        self.untold = Untold(untold: untold)
    }

    func encode(to encoder: any Encoder) throws {
        try released.encode(to: encoder)
        try untold.encode(to: encoder)
    }
}

/// The same of a refusal.
private struct RefusalReport: Encodable {
    var id: String
    var state = "refused"
    @OrNull var untold: String?
}

/// The same keys as in the list, and what only one edit has.
struct QuarantineDetailReport: Encodable {
    private struct More: Encodable {
        var tableLabel: String
        var columnLabels: [String]
        var kind: String
        var value: [String: String?]
        var current: [String: String?]
        var withheld: Bool
        @OrNull var scope: String?
        var organisation: String
        var role: String
        @OrNull var author: String?
        @OrNull var authorRole: String?
        @OrNull var typed: String?
        var releasable: Bool
        var superseded: [String]
        @OrNull var waitsFor: String?
        @OrNull var outcome: String?
        @OrNull var decided: String?
        @OrNull var decidedBy: String?
        @OrNull var decidedWhy: String?
    }

    private let item: HubQuarantine.Item
    private let more: More

    init(_ detail: QuarantinedEditDetail, _ clock: OfficerClock) {
        item = HubQuarantine.Item(detail.edit, clock)
        more = More(
            tableLabel: detail.tableLabel, columnLabels: detail.columnLabels, kind: detail.kind, value: detail.value,
            current: detail.current, withheld: detail.isWithheld, scope: detail.scope,
            organisation: detail.organisation, role: detail.role, author: detail.author,
            authorRole: detail.authorRole, typed: Output.time(detail.typedMilliseconds),
            releasable: detail.isReleasable,
            superseded: detail.superseded, waitsFor: detail.waitsFor, outcome: detail.outcome,
            decided: Output.time(detail.decidedMilliseconds), decidedBy: detail.decidedBy,
            decidedWhy: detail.decidedWhy)
    }

    func encode(to encoder: any Encoder) throws {
        try item.encode(to: encoder)
        try more.encode(to: encoder)
    }

    static func show(_ detail: QuarantinedEditDetail) {
        let edit = detail.edit
        say("\(detail.tableLabel) \(edit.row): \(detail.kind), not applied (\(edit.reason)).")
        say("\(edit.explanation)")
        say("")
        func fields(_ value: [String: String?]) -> String {
            detail.isWithheld
                ? Wording.secret : Wording.fields(value, columns: edit.columns, labels: detail.columnLabels)
        }
        say("  written   \(fields(detail.value))")
        if !detail.current.isEmpty { say("  now       \(fields(detail.current))") }
        let author = detail.author.map { ", \(detail.authorRole ?? "staff") \($0)" } ?? ""
        say("  by        \(detail.organisation) (\(edit.partner)), \(detail.role) device \(edit.device)\(author)")
        if let typed = detail.typedMilliseconds { say("  typed     \(Output.time(typed))") }
        say("  arrived   \(Output.time(edit.receivedMilliseconds))")
        if let scope = detail.scope { say("  scope     \(scope)") }
        if !detail.superseded.isEmpty {
            say("  since     the same device wrote \(detail.superseded.joined(separator: ", ")) again")
        }
        if let waits = detail.waitsFor { say("  waits     for a row of \(waits); judged again when that comes") }
        say("")
        if let decided = detail.decidedMilliseconds, edit.state != "waiting" {
            say("\(edit.state) \(Output.time(decided)) by \(detail.decidedBy ?? "?"): \(detail.decidedWhy ?? "")")
        } else if detail.isReleasable {
            say("To apply it:  reunite-sync hub quarantine release \(edit.id.prefix(8)) --reason TEXT")
            say("To refuse it: reunite-sync hub quarantine refuse \(edit.id.prefix(8)) --reason TEXT")
        } else {
            say("It can never be applied. To refuse it: reunite-sync hub quarantine refuse \(edit.id.prefix(8)) …")
        }
    }
}
