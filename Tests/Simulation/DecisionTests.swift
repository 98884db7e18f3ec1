import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("An operator decides conflicts and takes decisions back")
struct DecisionTests {
    private static let reason = "Seen on the paper file"

    /// A world whose first shared case has two values for one need's detail, by two devices of Surrey's; the third
    /// device has seen neither.
    private struct Dispute {
        let world: World
        let rows: CaseRows

        init(seed: UInt64, laptopFirst: Bool) throws {
            world = try World(seed: seed, withSharedCases: true)
            rows = try #require(world.sharedCases.first)
            try world.settle()
            try world.describeApart(rows.need)
            try world.syncSurrey(laptopFirst: laptopFirst)
        }

        func open() throws -> OpenConflict { try #require(try world.hub.conflicts().first) }

        func values() throws -> Set<[Value]> {
            Set(try world.reader.siblings("need", rows.need, column: "detail"))
        }

        /// What each device shows.
        func shown() throws -> Set<String?> {
            Set(try world.devices.map { try $0.text("detail", of: "need", rows.need) })
        }
    }

    private func texts(_ texts: String...) -> Set<[Value]> { Set(texts.map { [.text($0)] }) }

    @Test("A decision names every value, closes the conflict and reaches every replica", arguments: [false, true])
    func resolve(laptopFirst: Bool) throws {
        let dispute = try Dispute(seed: 31, laptopFirst: laptopFirst)
        let world = dispute.world
        let detail = try world.hub.conflict(String(try dispute.open().id.prefix(6)))
        #expect(detail.tableLabel == "Need" && detail.columnLabels == ["Detail"])
        #expect(detail.base == ["detail": "\(dispute.rows.marker) need"])
        #expect(detail.told == ["GLS", "SRY"])
        #expect(detail.conflict.values.map(\.partner) == ["SRY", "SRY"])
        let kept = try #require(detail.conflict.values.first { $0.value["detail"] == "from the office" })
        let decided = try world.hub.resolve(detail.conflict.id, .keep(kept.number), by: "Ada", reason: Self.reason)
        #expect(!decided.isOpen)
        try world.settle()
        #expect(try dispute.shown() == ["from the office"])
        #expect(try world.hub.conflicts().isEmpty && dispute.values().isEmpty)
        let after = try world.hub.conflict(detail.conflict.id)
        #expect(after.conflict.state == "decision")
        #expect(after.decisions.map(\.by) == ["Ada"] && after.decisions.map(\.reason) == [Self.reason])
        #expect(after.decisions.map(\.op) == [decided.op])
        for device in world.devices { #expect(try device.replica.status().conflicts == 0) }
    }

    @Test("An edit of one of the values that came after the decision still replaces it when the decision is taken back")
    func editedMeanwhile() throws {
        let dispute = try Dispute(seed: 39, laptopFirst: false)
        let world = dispute.world
        // The third device has seen what is shown, and types over it before it hears of the decision.
        try world.sync(world.gloucestershire)
        try world.gloucestershire.set("detail", of: "need", dispute.rows.need, to: "over what was shown")
        let id = try dispute.open().id
        _ = try world.hub.resolve(id, .value(json: "\"decided\""), by: "Ada", reason: Self.reason)
        try world.settle()
        #expect(try dispute.values() == texts("decided", "over what was shown"))
        _ = try world.hub.reopen(id, by: "Ada", reason: Self.reason)
        try world.settle()
        let values = try dispute.values()
        #expect(values == texts("decided", "over what was shown", "from the office"))
    }

    @Test("A decision may be a value that nobody wrote, of the right type")
    func newValue() throws {
        let dispute = try Dispute(seed: 32, laptopFirst: false)
        let id = try dispute.open().id
        for json in ["{\"detail\": 3}", "3", "{\"status\": \"MET\"}", "no json", "{}"] {
            expectFailure(.badData) {
                _ = try dispute.world.hub.resolve(id, .value(json: json), by: "Ada", reason: Self.reason)
            }
        }
        _ = try dispute.world.hub.resolve(id, .value(json: "\"both were wrong\""), by: "Ada", reason: Self.reason)
        try dispute.world.settle()
        #expect(try dispute.shown() == ["both were wrong"])
    }

    @Test("A value that came after the operator looked is not swallowed by the decision")
    func newcomerBefore() throws {
        let dispute = try Dispute(seed: 33, laptopFirst: false)
        let world = dispute.world
        try world.gloucestershire.set("detail", of: "need", dispute.rows.need, to: "from Gloucestershire")
        let looked = try world.hub.conflict(try dispute.open().id)
        try world.sync(world.gloucestershire)
        let decided = try world.hub.resolve(
            looked.conflict.id, .value(json: "\"decided\""), asOf: looked.asOf, by: "Ada", reason: Self.reason)
        #expect(decided.isOpen)
        try world.settle()
        #expect(try dispute.values() == texts("decided", "from Gloucestershire"))
        #expect(try dispute.open().id == looked.conflict.id)
        // Named this time, it is decided too.
        let again = try world.hub.resolve(looked.conflict.id, .keep(1), by: "Ada", reason: Self.reason)
        #expect(!again.isOpen)
        try world.settle()
        #expect(try dispute.shown().count == 1 && world.hub.conflicts().isEmpty)
    }

    @Test("A value written in ignorance of a decision opens the same conflict again")
    func newcomerAfter() throws {
        let dispute = try Dispute(seed: 34, laptopFirst: true)
        let world = dispute.world
        try world.gloucestershire.set("detail", of: "need", dispute.rows.need, to: "from Gloucestershire")
        let id = try dispute.open().id
        _ = try world.hub.resolve(id, .value(json: "\"decided\""), by: "Ada", reason: Self.reason)
        #expect(try world.hub.conflicts().isEmpty)
        try world.settle()
        #expect(try dispute.open().id == id)
        #expect(try dispute.values() == texts("decided", "from Gloucestershire"))
        #expect(try dispute.open().values.filter(\.isDecision).map { $0.value["detail"] } == ["decided"])
    }

    @Test("Undo brings both values back, and nobody who saw only the decision swallows them", arguments: [false, true])
    func reopen(editArrivesFirst: Bool) throws {
        let dispute = try Dispute(seed: 35, laptopFirst: false)
        let world = dispute.world
        let id = try dispute.open().id
        _ = try world.hub.resolve(id, .value(json: "\"decided\""), by: "Ada", reason: Self.reason)
        try world.settle()
        try world.gloucestershire.set("detail", of: "need", dispute.rows.need, to: "after the decision")
        if editArrivesFirst { try world.sync(world.gloucestershire) }
        let reopened = try world.hub.reopen(id, by: "Ada", reason: "The paper was another woman's")
        #expect(reopened.isOpen)
        try world.settle()
        #expect(try dispute.values() == texts("from the office", "from the laptop", "after the decision"))
        #expect(try dispute.shown().count == 1)
        #expect(try dispute.open().id == id)
        #expect(try world.hub.conflict(id).decisions.map(\.isUndone) == [true, false])
        // Taken back once is taken back.
        expectFailure(.badData) { _ = try world.hub.reopen(id, by: "Ada", reason: Self.reason) }
        let first = try #require(try dispute.open().values.first { $0.value["detail"] == "from the office" })
        _ = try world.hub.resolve(id, .keep(first.number), by: "Ada", reason: Self.reason)
        try world.settle()
        #expect(try dispute.shown() == ["from the office"] && world.hub.conflicts().isEmpty)
    }

    @Test("Without any edit since, undo leaves exactly what stood before the decision")
    func plainReopen() throws {
        let dispute = try Dispute(seed: 36, laptopFirst: false)
        let world = dispute.world
        try world.settle()
        let before = try dispute.shown()
        let id = try dispute.open().id
        _ = try world.hub.resolve(id, .keep(1), by: "Ada", reason: Self.reason)
        try world.settle()
        _ = try world.hub.reopen(id, by: "Ada", reason: Self.reason)
        try world.settle()
        #expect(try dispute.shown() == before)
        #expect(try dispute.values() == texts("from the office", "from the laptop"))
        #expect(try dispute.open().values.map(\.device) == ["surrey-office", "surrey-laptop"])
    }

    @Test("After 30 days a decision stands")
    func tooLate() throws {
        let dispute = try Dispute(seed: 37, laptopFirst: false)
        let id = try dispute.open().id
        _ = try dispute.world.hub.resolve(id, .keep(2), by: "Ada", reason: Self.reason)
        dispute.world.advance(milliseconds: Hub.undoAge + 1)
        expectFailure(.badData) { _ = try dispute.world.hub.reopen(id, by: "Ada", reason: Self.reason) }
    }

    @Test("An edit that replaced every value closes the conflict, and is no decision that could be undone")
    func closedByAnEdit() throws {
        let dispute = try Dispute(seed: 38, laptopFirst: false)
        let world = dispute.world
        let id = try dispute.open().id
        let row = dispute.rows.need
        try world.surreyOffice.edit { try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [row.sqlBlob]) }
        try world.settle()
        #expect(try world.hub.conflict(id).conflict.state == "deletion")
        expectFailure(.badData) { _ = try world.hub.reopen(id, by: "Ada", reason: Self.reason) }
        expectFailure(.badData) { _ = try world.hub.resolve(id, .keep(1), by: "Ada", reason: Self.reason) }
    }

    @Test("An unknown id, a number that is not there and an empty reason are refused by their own codes")
    func refusals() throws {
        let dispute = try Dispute(seed: 39, laptopFirst: false)
        let hub = dispute.world.hub
        let id = try dispute.open().id
        expectFailure(.noInput) { _ = try hub.conflict("00000000") }
        expectFailure(.noInput) { _ = try hub.conflict("not an id") }
        expectFailure(.usage) { _ = try hub.conflict("abc") }
        expectFailure(.usage) { _ = try hub.resolve(id, .keep(3), by: "Ada", reason: Self.reason) }
        expectFailure(.usage) { _ = try hub.resolve(id, .keep(1), by: "Ada", reason: "because  ") }
        expectFailure(.badData) { _ = try hub.reopen(id, by: "Ada", reason: Self.reason) }
    }

    @Test("Edits of other columns are listed as parallel, apart from conflicts", arguments: [false, true])
    func parallel(laptopFirst: Bool) throws {
        let world = try World(seed: 40, withSharedCases: true)
        let rows = try #require(world.sharedCases.first)
        try world.settle()
        let before = try world.hub.parallelEdits().count
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "Office")
        try world.surreyLaptop.set("nationality", of: "person", rows.person, to: "Laptop")
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        let edits = try world.hub.parallelEdits()
        try #require(edits.count == before + 1)
        #expect(edits[0].table == "person" && edits[0].row == rows.person.description)
        #expect(Set(edits[0].sides.map(\.columns)) == [["known_as"], ["nationality"]])
        #expect(Set(edits[0].sides.map(\.device)) == ["surrey-office", "surrey-laptop"])
        #expect(try world.hub.conflicts(.all).isEmpty)
    }
}

/// Expects a failure of one kind.
func expectFailure(
    _ code: Failure.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("nothing failed, where \(code.word) was due", sourceLocation: sourceLocation)
    } catch let failure as Failure {
        #expect(failure.code == code, "\(failure)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
}
