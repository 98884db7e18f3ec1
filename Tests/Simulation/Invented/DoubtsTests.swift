import Foundation
import GRDB
import ReUniteReplica
import TestSupport
import Testing

@testable import ReUniteInvented
@testable import ReUniteProgramme

/// What cannot be right, counted once more in Python and from docs/outcomes.md alone (Tests/Figures/doubts.py).
@Suite("Doubts agree with those that somebody else counts from the same rows")
struct DoubtsTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Figures/doubts.py").path

    /// What people type, into rows that are there: SQL for every third row or so of a table.
    private static let planted = [
        "UPDATE person SET date_of_birth = '1990-02-30' WHERE rowid % 5 = 0",
        "UPDATE person SET date_of_birth = substr(date_of_birth, 1, 5) || '13-39' WHERE rowid % 5 = 1",
        "UPDATE person SET date_of_birth = '1904-02-29' WHERE rowid % 5 = 2",
        "UPDATE person SET date_of_birth = '2012-03-01' WHERE rowid % 5 = 3",
        "UPDATE person SET nationality = 'Bri' || char(0) || 'tish' WHERE rowid % 4 = 0",
        "UPDATE person SET known_as = 'A' || char(127) WHERE rowid % 4 = 1",
        "UPDATE person SET known_as = 'two' || char(10) || 'lines' || char(9) WHERE rowid % 4 = 2",
        "UPDATE person SET language = 'C' || char(155) || '31m' WHERE rowid % 7 = 0",
        "UPDATE person SET language = 'turned' || char(8238) WHERE rowid % 7 = 1",
        "UPDATE person SET language = 'none' || char(65534) WHERE rowid % 7 = 2",
        "UPDATE person SET language = 'joined' || char(8204) || 'on' || char(8205) WHERE rowid % 7 = 3",
        "UPDATE person SET language = 'lost' || char(65533) || char(1114111) WHERE rowid % 7 = 4",
        "INSERT INTO person(case_id, known_as) SELECT id, 'Another' FROM case_file WHERE rowid % 6 = 0",
        "UPDATE engagement_event SET recorded_for_at = entered_at + 86400000 WHERE rowid % 3 = 0",
        "UPDATE engagement_event SET recorded_for_at = entered_at + 86400001 WHERE rowid % 3 = 1",
        """
        INSERT INTO outcome_event(case_id, kind, occurred_on, source)
        SELECT id, 'RECALL', '2099-01-01', 'x' FROM case_file WHERE rowid % 5 = 0
        """,
        "UPDATE case_file SET opened_on = '2024-02-29' WHERE rowid % 3 = 0",
        "UPDATE case_file SET opened_on = '2024-02-30' WHERE rowid % 3 = 1",
        "UPDATE child SET date_of_birth = '2006-03-02' WHERE rowid % 6 = 5",
        "UPDATE case_file SET closed_on = '2023-11-31' WHERE rowid % 3 = 0",
        "UPDATE case_file SET cohort = 'NOBODY' WHERE rowid % 4 = 0",
        "UPDATE child SET date_of_birth = '2002-03-01' WHERE rowid % 6 = 0",
        "UPDATE child SET date_of_birth = '2002-02-28' WHERE rowid % 6 = 1",
        "UPDATE child SET date_of_birth = '2006-02-28' WHERE rowid % 6 = 2",
        "UPDATE child SET date_of_birth = '2006-03-01' WHERE rowid % 6 = 3",
        "UPDATE child SET date_of_birth = '1985-00-00' WHERE rowid % 6 = 4",
        "UPDATE child_care_episode SET from_on = '1999-01-01' WHERE rowid % 2 = 0",
        "UPDATE child_care_episode SET to_on = '2001-01-01' WHERE rowid % 3 = 0",
        "UPDATE custody_episode SET release_date = '2020-09-31' WHERE rowid % 4 = 0",
        "UPDATE ru_now SET ms = 1790000000000",
        "UPDATE case_file SET phase = 'PRE_RELEASE' WHERE rowid % 2 = 0",
        "UPDATE custody_episode SET release_date = '2026-09-20' WHERE rowid % 8 = 1",
        "UPDATE custody_episode SET release_date = '2026-09-21' WHERE rowid % 8 = 3",
        "UPDATE custody_episode SET release_type = 'REMAND' WHERE rowid % 5 = 1",
        """
        INSERT INTO custody_episode(case_id, received_on)
        SELECT case_id, release_date FROM custody_episode WHERE rowid % 7 = 0
        """,
        "UPDATE custody_episode SET received_on = '2036-01-01' WHERE rowid % 6 = 1",
        "UPDATE case_file SET closed_on = '2026-09-23' WHERE rowid % 9 = 1",
        "UPDATE case_file SET closed_on = '2026-09-22' WHERE rowid % 9 = 2",
        "UPDATE child SET date_of_birth = '2026-09-23' WHERE rowid % 12 = 0",
        "UPDATE move_on SET moved_on = '2036-01-01' WHERE rowid % 3 = 0",
        "UPDATE move_on SET departure_reason = 'PLANNED', planned = rowid % 2",
        "UPDATE move_on SET tenancy_start = '1899-12-31' WHERE rowid % 4 = 0",
        "UPDATE move_on SET tenancy_start = '2200-01-01' WHERE rowid % 4 = 1",
        "UPDATE tenancy_check SET checked_on = '2036-01-01' WHERE rowid % 5 = 0",
        "UPDATE outcome_event SET proven_on = date(occurred_on, '-1 days') WHERE rowid % 4 = 0",
        "UPDATE outcome_event SET proven_on = '2036-01-01' WHERE rowid % 4 = 1",
        "UPDATE person SET known_as = ' ', legal_first = NULL, legal_last = NULL WHERE rowid % 8 = 0",
        "UPDATE person SET known_as = '', legal_first = NULL WHERE rowid % 8 = 2",
        "UPDATE consent SET recorded_for_at = -5364662400000 WHERE rowid % 10 = 0",
        "UPDATE referral SET release_date = '1999-01-01' WHERE rowid % 3 = 0",
        "UPDATE referral SET needed_from = '2023-02-28' WHERE rowid % 3 = 1",
        "UPDATE need SET category = 'HOSING' WHERE rowid % 5 = 0",
        "UPDATE volunteer_mentor SET areas = 'BUDGETING,GARDEN' WHERE rowid % 2 = 0",
        "UPDATE volunteer_mentor SET areas = 'BUDGETING,HEALTH' WHERE rowid % 2 = 1",
        "UPDATE unit SET online_from = '2025-04-31'",
        """
        INSERT INTO duty_to_refer(case_id, la_gss, submitted_on)
        SELECT id, 'E10000030', '2026-11-01' FROM case_file WHERE rowid % 7 = 0
        """,
        """
        INSERT INTO duty_to_refer(case_id, la_gss, submitted_on, status)
        SELECT id, 'E07999999', '2026-11-01', iif(rowid % 2, 'WITHDRAWN', 'SUBMITTED') FROM case_file WHERE rowid % 7 = 1
        """,
        """
        INSERT INTO duty_to_refer(case_id, la_gss, submitted_on)
        SELECT f.id, l.gss, '2026-11-01' FROM case_file f CROSS JOIN (SELECT gss FROM local_authority ORDER BY gss LIMIT 2) l
        WHERE f.rowid % 7 = 2
        """,
    ]

    @Test("On an invented network, as it is and with what people mistype in every kind")
    func agree() throws {
        let folder = try TemporaryFolder()
        let plan = InventedPlan(seed: 7, families: 20, until: try #require(InventedDay("2026-09-30")))
        let randomness = ScriptedRandomness(seed: 7)
        let stage = try InventedStage(
            plan, in: folder.path, network: .reunite, randomness: { randomness.identifier() })
        try stage.play()
        for path in [stage.offices[0].path, folder.file("hub/hub.sqlite")] {
            let database = try EngineDatabase.open(path: path, role: .engine, label: "test")
            defer { try? database.close() }
            try expectAgreement(database, path, atLeast: 0)
            try database.immediately { database in
                for sql in Self.planted { try database.execute(sql: sql) }
            }
            // An office has few families; the hub has enough for every reason but that of a month, which nothing here writes.
            try expectAgreement(database, path, atLeast: path.hasSuffix("hub.sqlite") ? 21 : 0)
        }
    }

    private func expectAgreement(_ database: DatabaseQueue, _ path: String, atLeast: Int) throws {
        let rows = try database.read { try RowDoubts.all(in: $0) }
        let own = Dictionary(grouping: rows) { [$0.table, $0.column, $0.why] }
            .map { "\($0[0])\t\($0[1])\t\($1.count)\t\($0[2])" }
        let result = try ForeignClient.run(["python3", "-B", Self.script, path])
        #expect(result.succeeded, "\(result.errors)")
        let others = result.output.split(separator: "\n").map(String.init)
        #expect(own.sorted() == others.sorted(), "\(path)")
        #expect(Set(rows.map(\.why)).count >= atLeast, "a reason that never came up: \(own.sorted())")
    }
}
