package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What became of a visit, as it was written on paper.
package struct VisitOutcome: Hashable, Sendable {
    /// The visit's code or id.
    package var visit: String
    /// `YES`, `LATE` or `NO`.
    package var attended: String
    /// When it happened: see ``CivilTime/londonTime(_:on:)``; `14:05` is of the day for which it was planned.
    package var at: String
    /// A code of `visit.no_session_reason`.
    package var reason: String?
    package var minutes: Int?
    /// Becomes a note of the case.
    package var note: String?
    /// Whether another outcome may be there already.
    package var isCorrection: Bool

    package init(
        visit: String, attended: String, at: String, reason: String? = nil, minutes: Int? = nil, note: String? = nil,
        isCorrection: Bool = false
    ) {
        self.visit = visit
        self.attended = attended
        self.at = at
        self.reason = reason
        self.minutes = minutes
        self.note = note
        self.isCorrection = isCorrection
    }
}

/// An outcome that is on record.
package struct RecordedOutcome: Hashable, Sendable, Encodable {
    package let visit: String
    package let code: String
    package let attended: String
    /// When it happened, RFC 3339.
    package let recordedForAt: String
    /// Whether anything was written: not when it was on record already.
    package let isNew: Bool
}

package enum VisitOutcomes {
    /// How far ahead of this machine's clock a visit may have taken place, in milliseconds.
    package static let slip: Int64 = 15 * 60_000

    /// The day for which a visit is planned; nil where it is not here, or for none.
    package static func day(of visit: Identifier, in database: Database) throws -> String? {
        try Int64.fetchOne(database, sql: "SELECT planned_at FROM visit WHERE id = ?", arguments: [visit.sqlBlob])
            .map { CivilTime.londonDate(milliseconds: $0) }
    }

    /// Puts an outcome on record. When it happened stands in the row; when it was typed is what the change log says.
    ///
    /// The same once more changes nothing.
    ///
    /// - Throws: ``Failure``: badData for what cannot be, or when another outcome is there; noInput for no such visit.
    package static func record(
        _ outcome: VisitOutcome, in database: Database, now: Int64
    ) throws -> RecordedOutcome {
        try database.whole {
            let id = try VisitCode.visit(outcome.visit, in: database)
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT case_id, planned_at, attended, no_session_reason, minutes, recorded_for_at FROM visit
                        WHERE id = ?
                        """, arguments: [id.sqlBlob])
            else { throw wrong("the visit is not there", "Sync first") }
            let time = try check(outcome, plannedAt: row["planned_at"], in: database, now: now)
            let old = Cells(row)
            let new = Cells(
                attended: outcome.attended.uppercased(), reason: outcome.reason?.uppercased(), minutes: outcome.minutes,
                at: time)
            guard old == new || old == Cells() || outcome.isCorrection else {
                throw wrong(
                    "another outcome is on record for it",
                    "Compare it with what is on record ('log visit'); if the paper is right, say that it corrects (--correct)"
                )
            }
            if old != new {
                try database.execute(
                    sql: """
                        UPDATE visit SET attended = ?, no_session_reason = ?, minutes = ?, recorded_for_at = ?
                        WHERE id = ?
                        """, arguments: [new.attended, new.reason, new.minutes, new.at, id.sqlBlob])
            }
            let added = try addNote(outcome.note, to: row.identifier("case_id"), at: time, in: database, now: now)
            return RecordedOutcome(
                visit: id.description, code: VisitCode(of: id).description, attended: new.attended ?? "",
                recordedForAt: CivilTime.instant(milliseconds: time), isNew: old != new || added)
        }
    }

    /// The four columns that merge together.
    private struct Cells: Hashable {
        var attended: String?
        var reason: String?
        var minutes: Int?
        var at: Int64?

        init(attended: String? = nil, reason: String? = nil, minutes: Int? = nil, at: Int64? = nil) {
            self.attended = attended
            self.reason = reason
            self.minutes = minutes
            self.at = at
        }

        init(_ row: Row) {
            self.init(
                attended: row["attended"], reason: row["no_session_reason"], minutes: row["minutes"],
                at: row["recorded_for_at"])
        }
    }

    /// That the reason is one of the list, and what is said fits together.
    static func check(reason: String?, minutes: Int?, attended: String, in database: Database) throws {
        guard attended == "NO" || reason == nil else {
            throw wrong("there is a reason for no session, and she was seen", "Leave out one of the two")
        }
        guard attended != "NO" || minutes == nil else {
            throw wrong("there are minutes, and she was not seen", "Leave out one of the two")
        }
        if let reason {
            try Codes.check(reason.uppercased(), list: "visit.no_session_reason", what: what, in: database)
        }
    }

    /// When it happened, once everything fits together.
    private static func check(
        _ outcome: VisitOutcome, plannedAt: Int64?, in database: Database, now: Int64
    ) throws -> Int64 {
        let attended = outcome.attended.uppercased()
        guard ["YES", "LATE", "NO"].contains(attended) else {
            throw wrong("it is not said whether she attended", "Say YES, LATE or NO")
        }
        try check(reason: outcome.reason, minutes: outcome.minutes, attended: attended, in: database)
        guard (0...1440).contains(outcome.minutes ?? 0) else {
            throw wrong("a visit lasts at most a day", "Give the minutes")
        }
        guard outcome.note?.isEmpty != true else { throw wrong("the note is empty", "Leave it out") }
        try CaseNotes.checkLength(of: outcome.note, what)
        let day = plannedAt.map { CivilTime.londonDate(milliseconds: $0) }
        guard let time = CivilTime.londonTime(outcome.at, on: day) else {
            throw wrong(
                "the time cannot be read", "Write it as 14:05, '2026-11-23 14:05' or 2026-11-23T14:05:00Z")
        }
        try Typed.over(time, now: now, what: what)
        return time
    }

    /// Whether the note is new: the same words of the same time are there once.
    private static func addNote(
        _ text: String?, to caseID: Identifier, at time: Int64, in database: Database, now: Int64
    ) throws -> Bool {
        guard let text else { return false }
        let known = try Int.fetchOne(
            database,
            sql: "SELECT 1 FROM case_note WHERE case_id = ? AND kind = 'VISIT' AND recorded_for_at = ? AND body = ?",
            arguments: [caseID.sqlBlob, time, text])
        guard known == nil else { return false }
        try CaseNotes.add(
            NewNote(body: text, kind: "VISIT", recordedFor: time), to: caseID.description, in: database, now: now)
        return true
    }

    private static let what = "Recording the visit"

    private static func wrong(_ why: String, _ remedy: String) -> Failure {
        Failure(.badData, what: what, why: why, remedy: remedy)
    }
}
