import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteInvented
@testable import ReUniteProgramme

@Suite("What an office exported is imported again as it was")
struct ComesBackTests {
    @Test("Every table that has rows, with the schema's names and with those for people", arguments: [false, true])
    func all(isForPeople: Bool) throws {
        let folder = try TemporaryFolder()
        let plan = InventedPlan(seed: 5, families: 12, until: try #require(InventedDay("2026-09-30")))
        let randomness = ScriptedRandomness(seed: 5)
        let stage = try InventedStage(plan, in: folder.path, network: .reunite, randomness: { randomness.identifier() })
        try stage.play()
        let office = try #require(stage.offices.max { $0.cases < $1.cases })
        let database = try EngineDatabase.open(path: office.path, role: .engine, label: "test")
        defer { try? database.close() }
        let tables = try database.read { try RecordTables($0).names }
        var tried = 0
        for table in tables {
            try database.inTransaction(.immediate) { database in
                let before: RecordExport
                do {
                    before = try RecordExport(table, labels: isForPeople, in: database)
                } catch let failure as Failure where failure.code == .notPermitted {
                    return .rollback
                }
                guard before.rows > 0, before.withheld == 0 else { return .rollback }
                tried += 1
                let partner = try #require(
                    try Row.fetchOne(database, sql: "SELECT id FROM partner WHERE code = ?", arguments: [office.code]))
                try database.execute(sql: "DELETE FROM \(quoted(table))")
                var options = RecordImport.Options()
                options.acceptsDuplicates = true
                let report = try RecordImport(try CSVFile(Array(before.text.utf8)), into: table, options: options)
                    .run(by: partner.identifier("id"), in: database, now: 1_796_000_000_000)
                #expect(report.errors.map(\.text) == [], "\(table)")
                let after = try RecordExport(table, labels: isForPeople, in: database)
                // The hub's own columns stay behind, and what it alone gives is asked for; both are said.
                if report.warnings.allSatisfy({
                    $0.why != "only the hub writes it" && !$0.why.hasPrefix("the hub alone gives it")
                }) {
                    #expect(after.text == before.text, "\(table)")
                } else {
                    #expect(after.rows == before.rows, "\(table)")
                }
                return .rollback
            }
        }
        #expect(tried > 20)
    }
}
