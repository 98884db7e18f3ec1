import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What has not left the device is sealed once more with what came after")
struct TailResealTests {
    @Test("A day of tries without a network leaves one batch, with every edit in order")
    func oneBatch() throws {
        let desk = try TestDesk.withBooks(1, 2)
        let before = try desk.replica.facts()
        try desk.shell("UPDATE book SET price = 31 \(at(1));")
        #expect(try desk.replica.seal() == 1)
        try desk.shell("UPDATE book SET price = 41 \(at(2));")
        #expect(try desk.replica.seal() == 1)
        try desk.shell(insertBook(3))
        #expect(try desk.replica.seal() == 1)
        let batches = try sealedBatches(of: desk.replica).filter { !$0.isJudged }
        #expect(batches.map { $0.ops.map(\.key) } == [[row(1), row(2), row(3)]])
        let only = try #require(batches.first)
        #expect(only.header.parent == before.chainHead)
        #expect(only.header.firstSequence == before.chainSequence + 1)
        #expect(only.header.number == before.chainNumber + 3)
        #expect(only.signed.isAuthentic(signedBy: desk.keys.publicKeys))
        #expect(try desk.replica.facts().chainSequence == before.chainSequence + 3)
        try desk.accept()
        #expect(try desk.replica.status().unsentEdits == 0)
    }

    @Test("Of values that the same author wrote over before they left, the last one leaves")
    func lastValue() throws {
        let desk = try TestDesk.withBooks(1)
        for price in [3, 4, 5] {
            try desk.shell("UPDATE book SET price = \(price), title = 't' \(at(1));")
            try desk.replica.seal()
        }
        let ops = try sealedBatches(of: desk.replica).filter { !$0.isJudged }.flatMap(\.ops)
        #expect(ops.filter { $0.values.contains(.real(5)) }.count == 1)
        #expect(!ops.contains { $0.values.contains(.real(3)) || $0.values.contains(.real(4)) })
        #expect(ops.contains { $0.values.contains(.text("t")) })
    }

    @Test("A batch that may have left stays as it is")
    func sent() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.shell("UPDATE book SET price = 31 \(at(1));")
        _ = try desk.replica.nextRequest(after: 0, limit: 10_000)
        let sent = try #require(try sealedBatches(of: desk.replica).last)
        try desk.shell("UPDATE book SET price = 41 \(at(1));")
        try desk.replica.seal()
        let batches = try sealedBatches(of: desk.replica)
        #expect(batches.dropLast().last?.signed == sent.signed)
        #expect(batches.last?.header.parent == sent.signed.id)
    }

    @Test("A batch of an earlier base keeps it, so that what came in between is not passed off as seen")
    func earlierBase() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try desk.shell("UPDATE book SET price = 31 \(at(1));")
        try desk.replica.seal()
        let base = try desk.replica.facts().cursor
        _ = desk.hub.advance()
        try desk.deliver(rows: [])
        #expect(try desk.replica.facts().cursor > base)
        try desk.shell("UPDATE book SET price = 41 \(at(2));")
        try desk.replica.seal()
        let batches = try sealedBatches(of: desk.replica).filter { !$0.isJudged }
        #expect(batches.count == 2)
        #expect(batches.first?.header.base == base)
    }

    @Test("A clock that was set right meanwhile keeps batches apart: each tells its own error")
    func clockSet() throws {
        let desk = try TestDesk.withBooks(1, 2)
        try desk.shell("UPDATE book SET price = 31 \(at(1));")
        try desk.replica.seal()
        _ = try desk.replica.settle(
            try desk.hub.checkpoint(for: TestDesk.device), auditProof: .none,
            hubMilliseconds: desk.time.wallMilliseconds + 3_600_000)
        try desk.shell("UPDATE book SET price = 41 \(at(2));")
        try desk.replica.seal()
        #expect(try sealedBatches(of: desk.replica).filter { !$0.isJudged }.count == 2)
    }

    @Test("Rows made and deleted, and every step of a state, stay in the log")
    func steps() throws {
        let desk = try TestDesk.withBooks(1)
        for script in [
            insertLoan(11, of: 1), "UPDATE loan SET state = 'LENT';", "UPDATE loan SET state = 'BACK';",
            insertBook(2), "DELETE FROM book \(at(2));",
        ] {
            try desk.shell(script)
            try desk.replica.seal()
        }
        let ops = try sealedBatches(of: desk.replica).filter { !$0.isJudged }.flatMap(\.ops)
        #expect(ops.map(\.kind) == [.create, .transit, .transit, .create, .delete])
    }
}
