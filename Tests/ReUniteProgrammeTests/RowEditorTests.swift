import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A form of the desk takes text, and nothing that steers a screen")
struct RowEditorTests {
    private let network: Network
    private let caseID: Identifier

    init() throws {
        network = try Network()
        caseID = try #require(Identifier(try network.markedCase().id))
    }

    private func add(_ typed: [String: String]) throws -> RowEditor.Outcome {
        try network.edit {
            try RowEditor($0, partner: Network.surrey, now: Network.noon).add("need", to: caseID, typed)
        }
    }

    private func details() throws -> [String] { try network.values("SELECT detail FROM need ORDER BY detail") }

    @Test(
        "A control character is refused at its field, as the command line and an import refuse it",
        arguments: ["\u{1B}", "\u{0}", "\u{7F}", "\u{85}", "\u{202E}", "\u{2066}", "\u{2028}", "\u{FFFD}"])
    func refused(mark: String) throws {
        for text in ["\(mark)Damp walls", "Damp\(mark) walls", "Damp walls\(mark)"] {
            guard case .wrong(let problems) = try add(["category": "HEALTH", "detail": text]) else {
                Issue.record("it was taken")
                continue
            }
            #expect(problems.map(\.column) == ["detail"])
            #expect(problems.allSatisfy { !$0.text.contains("Damp") && !$0.text.contains(mark) })
        }
        #expect(try details() == ["Mneed"])
    }

    @Test("A form that nobody touched is not saved, whatever it begins with; a word in it is enough")
    func untouched() throws {
        try network.edit {
            try $0.execute(
                sql: "INSERT INTO staff_user(id, partner_id, display_name) VALUES(?, ?, 'Mstaff')",
                arguments: [Identifier(high: 9, low: 9).sqlBlob, Network.surrey.sqlBlob])
        }
        let tables = try network.values("SELECT name FROM ru_table WHERE scope_kind = 'case' ORDER BY name")
        var tried: Set<String> = []
        for table in tables {
            let outcome = try network.edit { database -> RowEditor.Outcome? in
                let began = try RowEditor(
                    database, partner: Network.surrey, staff: Identifier(high: 9, low: 9), now: Network.noon)
                guard let form = try? began.form(new: table, in: caseID), !form.fields.isEmpty else { return nil }
                let typed = Dictionary(uniqueKeysWithValues: form.fields.map { ($0.column, $0.value) })
                // Minutes pass before somebody saves.
                let saved = try RowEditor(
                    database, partner: Network.surrey, staff: Identifier(high: 9, low: 9), now: Network.noon + 300_000)
                return try saved.add(table, to: caseID, typed)
            }
            guard let outcome else { continue }
            tried.insert(table)
            guard case .wrong = outcome else {
                Issue.record("\(table): it was saved")
                continue
            }
        }
        #expect(tried.isSuperset(of: ["visit", "custody_episode", "address", "need"]) && tried.count > 20)
        let note = try network.edit {
            try RowEditor($0, partner: Network.surrey, now: Network.noon).add(
                "case_note", to: caseID, ["kind": "CONTACT", "body": ""])
        }
        guard case .wrong(let problems) = note, problems.map(\.column) == ["body"] else {
            Issue.record("It does not say which field is missing: \(note)")
            return
        }
        let visit = try network.edit {
            try RowEditor($0, partner: Network.surrey, now: Network.noon).add(
                "visit", to: caseID, ["type": "IN_REACH", "prison": "BZI"])
        }
        guard case .saved = visit else {
            Issue.record("\(visit)")
            return
        }
    }

    @Test("Lines, tabs, and the joiners that Persian and Hindi are written with are text")
    func taken() throws {
        let text = "Damp walls,\r\n\tand mould: \u{646}\u{645}\u{6CC}\u{200C}\u{62E}\u{648}\u{627}\u{647}\u{645}"
        guard case .saved = try add(["category": "HEALTH", "detail": text]) else {
            Issue.record("it was refused")
            return
        }
        #expect(try details().count == 2)
    }

    @Test("What is there stays as it was when its change is refused")
    func change() throws {
        let outcome = try network.edit { database in
            let editor = try RowEditor(database, partner: Network.surrey, now: Network.noon)
            let row = try #require(try Row.fetchOne(database, sql: "SELECT id FROM need")?.identifier("id"))
            let version = try editor.form(of: row, in: "need").version
            return try editor.change(row, in: "need", ["detail": "Mneed\u{7}"], version: version)
        }
        guard case .wrong(let problems) = outcome else {
            Issue.record("it was taken")
            return
        }
        #expect(problems.map(\.column) == ["detail"])
        #expect(try details() == ["Mneed"])
    }
}
