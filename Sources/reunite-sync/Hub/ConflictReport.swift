import Foundation
import ReUniteHub
import ReUniteProgramme

struct ConflictReport: Encodable {
    struct Candidate: Encodable {
        var number: Int
        var value: [String: String?]
        var partner: String
        var device: String
        var written: String
        var received: String
        var shown: Bool
        var organisation: String
        var role: String
        @OrNull var author: String?
        @OrNull var authorRole: String?
        var claimed: String
        var clockSuspect: Bool
        @OrNull var offlineSeconds: Int64?
        var decision: Bool
        var withheld: Bool
    }

    var id: String
    var table: String
    var row: String
    var columns: [String]
    var scope: String
    var opened: String
    var state: String
    @OrNull var closed: String?
    var values: [Candidate]
    /// How many organisations were asked about it, and how many have answered.
    var asked: Int
    var answered: Int
    /// Of the network's officers; of what is closed, and where there is none, null.
    @OrNull var workingDaysWaited: Int?

    init(_ conflict: OpenConflict, _ count: ConflictQuestions.Count?, _ clock: OfficerClock) {
        _workingDaysWaited = OrNull(
            wrappedValue: conflict.state == "open" ? clock.waited(since: conflict.openedMilliseconds) : nil)
        asked = count?.asked ?? 0
        answered = count?.answered ?? 0
        id = conflict.id
        table = conflict.table
        row = conflict.row
        columns = conflict.columns
        scope = conflict.scope
        opened = Output.time(conflict.openedMilliseconds)
        state = conflict.state
        _closed = OrNull(wrappedValue: Output.time(conflict.closedMilliseconds))
        values = conflict.values.map {
            Candidate(
                number: $0.number, value: $0.value, partner: $0.partner, device: $0.device,
                written: Output.time($0.writtenMilliseconds), received: Output.time($0.receivedMilliseconds),
                shown: $0.shown, organisation: $0.organisation, role: $0.role, author: $0.author,
                authorRole: $0.authorRole,
                claimed: Output.time($0.claimedMilliseconds), clockSuspect: $0.isClockSuspect,
                offlineSeconds: $0.offlineMilliseconds.map { $0 / 1_000 }, decision: $0.isDecision,
                withheld: conflict.isWithheld)
        }
    }
}

/// The same keys as in the list, and what only one conflict has.
struct ConflictDetailReport: Encodable {
    private struct Decision: Encodable {
        var kind: String
        var at: String
        var by: String
        var reason: String
        var op: String
        var undone: Bool
    }

    private struct More: Encodable {
        var question: String
        var tableLabel: String
        var columnLabels: [String]
        var policy: String
        var scopeKind: String
        @OrNull var base: [String: String?]?
        @OrNull var happened: String?
        var dependents: [ConflictDetail.Dependents]
        var told: [String]
        var decisions: [Decision]
        var asOf: Int64
        var questions: [ConflictQuestion]
    }

    private let conflict: ConflictReport
    private let more: More

    init(_ detail: ConflictDetail, _ questions: [ConflictQuestion], _ clock: OfficerClock) {
        conflict = ConflictReport(detail.conflict, ConflictQuestions.Count(questions), clock)
        more = More(
            question: detail.question, tableLabel: detail.tableLabel, columnLabels: detail.columnLabels,
            policy: detail.policy, scopeKind: detail.scopeKind, base: detail.base,
            happened: Output.time(detail.happenedMilliseconds), dependents: detail.dependents, told: detail.told,
            decisions: detail.decisions.map {
                Decision(
                    kind: $0.kind, at: Output.time($0.atMilliseconds), by: $0.by, reason: $0.reason, op: $0.op,
                    undone: $0.isUndone)
            }, asOf: detail.asOf, questions: questions)
    }

    func encode(to encoder: any Encoder) throws {
        try conflict.encode(to: encoder)
        try more.encode(to: encoder)
    }
}

/// A conflict in words, so that nobody needs a manual to decide it.
enum ConflictText {
    static func show(_ detail: ConflictDetail, _ clock: OfficerClock) {
        let conflict = detail.conflict
        say("\(detail.question)")
        say("")
        say("  record    \(detail.tableLabel) \(conflict.row)")
        say("  \(detail.scopeKind.padding(toLength: 9, withPad: " ", startingAt: 0)) \(conflict.scope)")
        say("  open for  \(clock.age(of: conflict))")
        if let happened = detail.happenedMilliseconds { say("  happened  \(Output.time(happened))") }
        let base = detail.base.map {
            conflict.isWithheld
                ? Wording.secret : Wording.fields($0, columns: conflict.columns, labels: detail.columnLabels)
        }
        say("  before    \(base ?? "not known any more")")
        say("")
        for value in conflict.values { show(value, detail) }
        say("Marked * is what everyone sees until a person decides (policy: \(detail.policy)).")
        for dependents in detail.dependents {
            say("Depends on it: \(dependents.label) (\(dependents.count))")
        }
        say("Will be told: \(detail.told.isEmpty ? "nobody" : detail.told.joined(separator: ", "))")
        for decision in detail.decisions {
            let what = decision.kind == "resolve" ? "Decided" : "Taken back"
            say(
                "\(what) \(Output.time(decision.atMilliseconds)) by \(decision.by)\(decision.isUndone ? ", undone" : "")"
                    + ": \(decision.reason)")
        }
        say("")
        guard conflict.state == "open" else {
            say("It was closed by \(conflict.state == "edit" ? "an ordinary edit" : "a \(conflict.state)").")
            if conflict.state == "decision" {
                say("To take it back: reunite-sync hub conflicts reopen \(conflict.id.prefix(8)) --reason TEXT")
            }
            return
        }
        say(
            "To decide: reunite-sync hub conflicts resolve \(conflict.id.prefix(8)) --as-of \(detail.asOf) "
                + "--keep NUMBER --reason TEXT")
        say(
            "To ask those who wrote the values: reunite-sync hub conflicts ask \(conflict.id.prefix(8)) --question TEXT"
        )
        say("Or with another value: --value '{\"\(conflict.columns.first ?? "column")\": …}'")
    }

    private static func show(_ value: OpenConflict.Candidate, _ detail: ConflictDetail) {
        let fields =
            detail.conflict.isWithheld
            ? Wording.secret
            : Wording.fields(value.value, columns: detail.conflict.columns, labels: detail.columnLabels)
        say("\(value.shown ? "*" : " ") \(value.number). \(fields)")
        if value.isDecision {
            say("     the operator's decision, \(Output.time(value.receivedMilliseconds))")
            return
        }
        let author = value.author.map { ", \(value.authorRole ?? "staff") \($0)" } ?? ""
        say("     \(value.organisation) (\(value.partner)), \(value.role) device \(value.device)\(author)")
        let suspect = value.isClockSuspect ? "; its clock is not to be trusted" : ""
        say(
            "     typed \(Output.time(value.claimedMilliseconds)), taken as \(Output.time(value.writtenMilliseconds))"
                + "\(suspect)")
        let offline = value.offlineMilliseconds.map { ", after \(Wording.span($0)) offline" } ?? ""
        say("     arrived \(Output.time(value.receivedMilliseconds))\(offline)")
    }
}
