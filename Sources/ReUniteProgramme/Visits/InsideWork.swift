package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What a worker writes inside a prison: only about the women of the day's sheet, and when it happened apart from when
/// it was typed.
package struct InsideWork {
    private let sheet: VisitSheet
    private let partner: Identifier
    private let now: Int64

    package init(_ sheet: VisitSheet, partner: Identifier, now: Int64) {
        self.sheet = sheet
        self.partner = partner
        self.now = now
    }

    /// Records what became of a planned visit: `attended`, `at`, `minutes`, `reason`, `note`, `correct`.
    package func record(
        _ typed: [String: String], _ visit: VisitSheet.Visit, in database: Database
    ) throws -> RecordedOutcome {
        try require(visit, "Recording the visit", in: database)
        func text(_ name: String) -> String? { typed[name].flatMap { $0.isEmpty ? nil : $0 } }
        return try VisitOutcomes.record(
            VisitOutcome(
                visit: visit.id, attended: typed["attended"] ?? "", at: typed["at"] ?? "", reason: text("reason"),
                minutes: try minutes(text("minutes"), "Recording the visit"), note: text("note"),
                isCorrection: typed["correct"] == "yes"), in: database, now: now)
    }

    /// Adds a note: `kind`, `body`, `at`.
    package func note(_ typed: [String: String], _ visit: VisitSheet.Visit, in database: Database) throws {
        let what = "Adding the note"
        try require(visit, what, in: database)
        guard let body = typed["body"], !body.isEmpty else {
            throw Failure(.badData, what: what, why: "the note is empty", remedy: "Write it")
        }
        try CaseNotes.add(
            NewNote(body: body, kind: typed["kind"] ?? "VISIT", recordedFor: try moment(typed["at"], what)),
            to: visit.woman.caseFile, in: database, now: now)
    }

    /// Adds a visit that took place and that nobody had planned: `at`, `minutes`, `note`.
    package func another(
        _ typed: [String: String], _ visit: VisitSheet.Visit, prison: String, in database: Database
    ) throws {
        let what = "Adding the visit"
        try require(visit, what, in: database)
        let time = try moment(typed["at"], what)
        let minutes = try minutes(typed["minutes"], what)
        guard (0...1440).contains(minutes ?? 0) else {
            throw Failure(.badData, what: what, why: "a visit lasts at most a day", remedy: "Give the minutes")
        }
        try Typed.over(time, now: now, what: what)
        try database.whole {
            _ = try database.add(
                "visit",
                [
                    "case_id": Identifier(visit.woman.caseFile)?.sqlBlob, "type": "IN_REACH",
                    "prison": prison.uppercased(),
                    "attended": "YES", "minutes": minutes, "recorded_for_at": time,
                ])
            if let note = typed["note"], !note.isEmpty {
                try CaseNotes.add(
                    NewNote(body: note, kind: "VISIT", recordedFor: time), to: visit.woman.caseFile, in: database,
                    now: now)
            }
        }
    }

    /// What can be said of an entry before its case is here.
    ///
    /// - Throws: ``Failure`` (badData) for what cannot be.
    func check(_ kind: InsideEntry.Kind, _ typed: [String: String], in database: Database) throws {
        let what = "Keeping what was typed"
        switch kind {
        case .note where (typed["body"] ?? "").isEmpty:
            throw Failure(.badData, what: what, why: "the note is empty", remedy: "Write it")
        case .note:
            try Codes.check(typed["kind"] ?? "VISIT", list: "case_note.kind", what: what, in: database)
        case .record where !["YES", "LATE", "NO"].contains(typed["attended"] ?? ""):
            throw Failure(.badData, what: what, why: "whether she came is missing", remedy: "Choose one")
        case .record where typed["attended"] == "NO" && (typed["reason"] ?? "").isEmpty:
            throw Failure(
                .badData, what: what, why: "why it did not take place is missing", remedy: "Choose a reason")
        case .record:
            try VisitOutcomes.check(
                reason: typed["reason"].flatMap { $0.isEmpty ? nil : $0 },
                minutes: try minutes(typed["minutes"], what), attended: typed["attended"] ?? "", in: database)
        case .another: break
        }
        for text in [typed["body"], typed["note"]] { try CaseNotes.checkLength(of: text, what) }
        let time = try moment(typed["at"], what)
        try Typed.over(time, now: now, what: what)
        guard (0...1440).contains(try minutes(typed["minutes"], what) ?? 0) else {
            throw Failure(.badData, what: what, why: "a visit lasts at most a day", remedy: "Give the minutes")
        }
    }

    /// - Throws: ``Failure`` (notPermitted) when the woman is not of the sheet, (badData) when her case is not here.
    private func require(_ visit: VisitSheet.Visit, _ what: String, in database: Database) throws {
        guard sheet.visits.contains(visit) else {
            throw Failure(
                .notPermitted, what: what, why: "she is not of today's visits", remedy: "Write it at the office")
        }
        let isHere = try Identifier(visit.woman.caseFile).map { id in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)", arguments: [id.sqlBlob]) ?? false
        }
        guard isHere == true else {
            throw Failure(
                .badData, what: what, why: "this laptop does not hold her case", remedy: "Write it on paper")
        }
    }

    private func minutes(_ text: String?, _ what: String) throws -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let minutes = Int(text) else {
            throw Failure(.badData, what: what, why: "the minutes are not a number", remedy: "Write digits alone")
        }
        return minutes
    }

    private func moment(_ text: String?, _ what: String) throws -> Int64 {
        guard let time = CivilTime.londonTime(text ?? "", on: sheet.day) else {
            throw Failure(
                .badData, what: what, why: "the day and time cannot be read", remedy: "Write them as 2026-11-23 14:05")
        }
        return time
    }
}
