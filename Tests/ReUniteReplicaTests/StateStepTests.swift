import ReUniteSync
import TestSupport
import Testing

@Suite("Steps of a state column are kept one by one")
struct StateStepTests {
    private typealias Loan = TinyNetwork.Loan

    private func desk() throws -> TestDesk {
        let desk = try TestDesk()
        try desk.edit(insertBook(1) + insertLoan(11, of: 1))
        try desk.accept()
        return desk
    }

    private func steps(_ ops: [Op]) -> [[Value]] {
        ops.filter { $0.kind == .transit }.map { [$0.from] + $0.values }
    }

    @Test("Each step is an op of its own, in order, with what it left and what it reached", arguments: Client.allCases)
    func oneByOne(by client: Client) throws {
        let desk = try desk()
        try client.run(
            """
            UPDATE loan SET state = 'LENT'; UPDATE loan SET state = 'BACK'; UPDATE loan SET state = 'LENT';
            UPDATE loan SET state = 'LOST';
            """, at: desk)
        let ops = try desk.sealed()
        #expect(ops.allSatisfy { $0.kind == .transit && $0.groups == Loan.state && $0.key == row(11) })
        #expect(
            steps(ops) == [
                [.text("ASKED"), .text("LENT")], [.text("LENT"), .text("BACK")], [.text("BACK"), .text("LENT")],
                [.text("LENT"), .text("LOST")],
            ])
    }

    @Test("A step and its way back are two steps")
    func thereAndBack() throws {
        let desk = try desk()
        try desk.shell("UPDATE loan SET state = 'LENT'; UPDATE loan SET state = 'ASKED';")
        #expect(
            steps(try desk.sealed()) == [[.text("ASKED"), .text("LENT")], [.text("LENT"), .text("ASKED")]])
    }

    @Test("A step to the state that it is in is none")
    func sameState() throws {
        let desk = try desk()
        try desk.shell("UPDATE loan SET state = 'ASKED';")
        #expect(try desk.sealed() == [])
    }

    @Test("A step never hides in an edit of the other columns")
    func beside() throws {
        let desk = try desk()
        try desk.shell("UPDATE loan SET state = 'LENT', reader = 'Jane';")
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.set, .transit])
        #expect(ops.first?.groups == Loan.reader)
        #expect(steps(ops) == [[.text("ASKED"), .text("LENT")]])
    }

    @Test("A row made and stepped before the seal is created in its first state, then steps")
    func created() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            \(insertBook(1)) \(insertLoan(11, of: 1))
            UPDATE loan SET state = 'LENT', reader = 'Jane'; UPDATE loan SET state = 'BACK';
            """)
        let ops = try desk.sealed()
        #expect(ops.map(\.kind) == [.create, .create, .transit, .transit])
        #expect(ops[1].values.last == .text("ASKED"))
        #expect(ops[1].values[2] == .text("Jane"))
        #expect(steps(ops) == [[.text("ASKED"), .text("LENT")], [.text("LENT"), .text("BACK")]])
    }

    @Test("Steps that were rolled back are none")
    func rolledBack() throws {
        let desk = try desk()
        try desk.shell(
            """
            BEGIN; UPDATE loan SET state = 'LENT'; SAVEPOINT s; UPDATE loan SET state = 'LOST'; ROLLBACK TO s; COMMIT;
            """)
        #expect(steps(try desk.sealed()) == [[.text("ASKED"), .text("LENT")]])
    }

    @Test("Steps of a row that is gone at the seal end in its deletion")
    func deleted() throws {
        let desk = try desk()
        try desk.shell("UPDATE loan SET state = 'LENT'; DELETE FROM loan;")
        #expect(try desk.sealed().map(\.kind) == [.delete])
        try desk.shell("\(insertLoan(12, of: 1)) UPDATE loan SET state = 'LENT'; DELETE FROM loan;")
        #expect(try desk.sealed().map(\.kind) == [.delete])
    }

    @Test("Steps follow one another though a user's own trigger steps on inside the first")
    func nestedStep() throws {
        let desk = try desk()
        try desk.shell(
            """
            CREATE TRIGGER straight_back AFTER UPDATE OF state ON loan WHEN NEW.state = 'LENT' BEGIN
              UPDATE loan SET state = 'BACK' WHERE id = NEW.id;
            END;
            UPDATE loan SET state = 'LENT';
            """)
        let taken = steps(try desk.sealed())
        #expect(taken == [[.text("ASKED"), .text("LENT")], [.text("LENT"), .text("BACK")]])
    }

    @Test("A new row that a user's own trigger steps on at once begins in the state that it was made in")
    func nestedStepOfNewRow() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            CREATE TRIGGER straight_back AFTER UPDATE OF state ON loan WHEN NEW.state = 'LENT' BEGIN
              UPDATE loan SET state = 'BACK' WHERE id = NEW.id;
            END;
            \(insertBook(1)) \(insertLoan(11, of: 1)) UPDATE loan SET state = 'LENT';
            """)
        let ops = try desk.sealed()
        #expect(ops.first { $0.table == TinyNetwork.loan }?.values.last == .text("ASKED"))
        #expect(steps(ops) == [[.text("ASKED"), .text("LENT")], [.text("LENT"), .text("BACK")]])
    }

    @Test("A known row deleted and inserted in another state tells the hub of that state")
    func reinsertedInAnotherState() throws {
        let desk = try desk()
        try desk.shell("DELETE FROM loan; \(insertLoan(11, of: 1, state: "BACK"))")
        let ops = try desk.sealed()
        withKnownIssue("The coarse edit leaves out the state, so the hub keeps the old one") {
            #expect(ops.contains { $0.groups & Loan.state != 0 && $0.values.last == .text("BACK") })
        }
    }

    @Test("A new row deleted and inserted in another state arrives at the state that it shows")
    func newRowReinserted() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            \(insertBook(1)) \(insertLoan(11, of: 1)) UPDATE loan SET state = 'LENT';
            DELETE FROM loan; \(insertLoan(11, of: 1, state: "LOST"))
            """)
        let ops = try desk.sealed().filter { $0.table == TinyNetwork.loan }
        #expect(ops.last?.values.last == .text("LOST"))
    }
}
