import Foundation
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("A delivery that is being fetched stays for as long as it is what comes next")
struct StagedDeliveryTests {
    private let id = Identifier(high: 0x0194_0000_0000_7000, low: 0x8000_0000_0000_00FF)

    /// Begins a delivery, asked for from a position.
    private func stage(at world: LeavingDesk, from: Position, _ sealed: [UInt8]) throws -> StagedDelivery {
        try world.replica.stage(id, bytes: UInt64(sealed.count), from: from, sent: 0, hubMilliseconds: 0)
    }

    /// A whole delivery as the hub seals it, for the replica as it is.
    private func sealed(for world: LeavingDesk, from: Position, title: String = "next-title") throws -> [UInt8] {
        let facts = try world.replica.facts()
        let row = world.state(
            TinyNetwork.book, row(9), in: TestDesk.room,
            [.blob(TestDesk.room.bytes), .null, .text(title), .null, .null, .real(2.5), .null])
        let rows = from == .zero ? [] : [row]
        let delivery = Delivery(
            from: from, checkpoint: try world.desk.hub.checkpoint(for: TestDesk.device), rows: rows)
        return try SealedBundle.seal(
            content: try delivery.encoded(layout: world.replica.schema),
            label: BundleLabel(
                id: id, kind: .down, hub: facts.hub, epoch: facts.epoch, sender: facts.hub, from: from,
                to: delivery.checkpoint.checkpoint.position, createdMilliseconds: 0),
            to: [world.desk.keys.publicKeys], signedWith: world.desk.hub.keys)
    }

    private func files(_ world: LeavingDesk) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: world.desk.path + ".device")
            .filter { $0.hasPrefix("delivery") }.sorted()
    }

    @Test("It is found again in another life of the program, with every byte that came", arguments: [true, false])
    func kept(whole: Bool) throws {
        let world = try LeavingDesk()
        let from = whole ? .zero : try world.replica.facts().cursor
        let sealed = try sealed(for: world, from: from)
        try stage(at: world, from: from, sealed).append(sealed.prefix(sealed.count / 2))
        let found = try #require(try world.desk.reopened().stagedDelivery())
        #expect(found.offset >= sealed.count / 2 - 16_400 && !found.isComplete)
        try found.append(sealed.dropFirst(found.offset))
        #expect(found.isComplete && found.ticket.from == from)
    }

    @Test(
        "Once the replica has moved nothing of it stays, wherever it was asked from", arguments: [true, false])
    func moved(whole: Bool) throws {
        let world = try LeavingDesk()
        let from = whole ? .zero : try world.replica.facts().cursor
        let sealed = try sealed(for: world, from: from)
        try stage(at: world, from: from, sealed).append(sealed)
        try world.deliver(rows: [])
        #expect(try world.replica.stagedDelivery() == nil)
        #expect(try files(world) == [])
    }

    @Test("What is applied is not applied once more when the program ends before it is thrown away")
    func applied() throws {
        let world = try LeavingDesk()
        let sealed = try sealed(for: world, from: .zero)
        let staged = try stage(at: world, from: .zero, sealed)
        try staged.append(sealed)
        let folder = world.desk.path + ".device/"
        let kept = try files(world).map { ($0, try Data(contentsOf: URL(fileURLWithPath: folder + $0))) }
        #expect(kept.count == 2)
        _ = try world.replica.apply(staged, hubMilliseconds: nil)
        #expect(try files(world) == [])
        // As if the program had ended in between, also where the cursor is as it was when it was offered.
        let cursor = try world.replica.facts().cursor
        for (name, data) in kept { try data.write(to: URL(fileURLWithPath: folder + name)) }
        var ticket = try #require(try DurableFile.read(folder + "delivery"))
        ticket = try StagedDelivery.Ticket(decoding: ticket).moved(to: cursor).encoded()
        try DurableFile.write(ticket, to: folder + "delivery")
        #expect(try world.desk.reopened().stagedDelivery() == nil)
        #expect(try files(world) == [])
    }

    @Test("When something leaves, no part of a delivery that was offered before stays in its file")
    func left() throws {
        let world = try LeavingDesk()
        let from = try world.replica.facts().cursor
        let sealed = try sealed(for: world, from: from)
        try stage(at: world, from: from, sealed).append(sealed.prefix(900))
        try world.deliver(events: [world.leave(LeavingDesk.annex)])
        #expect(try files(world) == [])
        #expect(try world.replica.nextRequest(after: 0, limit: .max).request.purges.count == 1)
    }

    @Test("A delivery that came as a file throws away what was being fetched before it")
    func overtakenByFile() throws {
        let world = try LeavingDesk()
        let from = try world.replica.facts().cursor
        let sealed = try sealed(for: world, from: from)
        try stage(at: world, from: from, sealed).append(sealed.prefix(900))
        guard case .applied = try world.replica.take(file: sealed) else {
            Issue.record("it was not applied")
            return
        }
        #expect(try files(world) == [])
    }
}

extension StagedDelivery.Ticket {
    fileprivate func moved(to position: Position) -> Self {
        var ticket = self
        ticket.cursor = position
        return ticket
    }
}
