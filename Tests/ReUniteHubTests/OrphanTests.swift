import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("An edit that refers to what is not here waits for it")
struct OrphanTests {
    private let folder: TemporaryFolder
    private let hub: Hub
    private let stamp = HybridTime(milliseconds: ScriptedTime().wallMilliseconds)

    init() throws {
        folder = try TemporaryFolder()
        hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: TinyNetwork.network, time: ScriptedTime(),
            randomness: ScriptedRandomness(seed: 1).identifier)
    }

    private func loan(_ number: UInt64, of book: UInt64) -> Op {
        Op(
            table: TinyNetwork.loan, key: row(number), kind: .create, groups: TinyNetwork.Loan.all, stamp: stamp,
            values: [.blob(TestDesk.room.bytes), .blob(row(book).bytes), .text("Ada"), .text("ASKED")])
    }

    private func book(_ number: UInt64) -> Op {
        Op(
            table: TinyNetwork.book, key: row(number), kind: .create, groups: TinyNetwork.Book.all, stamp: stamp,
            values: [
                .blob(TestDesk.room.bytes), .null, .text("Emma"), .null, .null, .real(2), .null,
            ])
    }

    private func loans() throws -> String {
        try ForeignClient.shell("SELECT count(*) FROM loan;", on: folder.file("hub/hub.sqlite")).output
    }

    @Test("It is judged again when that comes, in the same transaction")
    func arrival() throws {
        #expect(try hub.submit([loan(1, of: 10)]).flatMap(\.exceptions).map(\.reason) == [.parentGone])
        let waiting = try #require(try hub.quarantine().first)
        #expect(try hub.quarantined(waiting.id).waitsFor == "book")
        expectFailure { _ = try hub.release(quarantined: waiting.id, by: "Ada", reason: "It should be there") }
        #expect(try hub.submit([book(11)]).flatMap(\.exceptions).isEmpty)
        #expect(try hub.quarantine().count == 1)
        #expect(try hub.submit([book(10), book(12)]).flatMap(\.exceptions).isEmpty)
        #expect(try hub.quarantine().isEmpty)
        #expect(try loans() == "1\n")
        #expect(try hub.quarantined(waiting.id).edit.state == "released")
    }

    @Test("In one batch with what it refers to, in the wrong order, it comes in all the same")
    func oneBatch() throws {
        _ = try hub.submit([loan(1, of: 10), book(10)])
        #expect(try loans() == "1\n")
        #expect(try hub.quarantine().isEmpty)
    }

    private func expectFailure(_ body: () throws -> Void) {
        #expect(throws: Failure.self) { try body() }
    }
}
