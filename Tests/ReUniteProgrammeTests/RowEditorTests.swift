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
