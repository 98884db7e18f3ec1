import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestMessages
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("For a device: an answer that its hub sealed, and that makes no sense, changes nothing")
struct SealedAnswerTests {
    @Test("Every length and every changed byte of an answer is refused or says no more than an answer may")
    func answers() throws {
        let (world, laptop, _) = try SealedNonsenseTests.world(seed: 451)
        let request = try laptop.replica.nextRequest(after: 0, limit: 1 << 20).request
        let sealed = try laptop.replica.seal(bundle: request)
        let answer = try answered(by: world.hub, sealed, laptop)
        let facts = try laptop.replica.facts()
        let keys = try DeviceVault(replicaPath: laptop.path).keys().publicKeys
        var refused = 0
        let content = answer.encoded()
        for damaged in Damage.everywhere(content) {
            let bytes = try world.hub.seal(damaged, .answer, id: sealed.id, to: keys)
            do {
                _ = try laptop.replica.open(answer: bytes, to: sealed)
            } catch let failure as Failure {
                #expect(failure.code == .badData, "\(failure)")
                refused += 1
            }
        }
        #expect(refused > content.count)
        var after = try laptop.replica.facts()
        // Which version the hub has is noted of every answer.
        after.hubSchema = facts.hubSchema
        #expect(after == facts)
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("Every length and every changed byte of a delivery is refused whole, or is a delivery; a sync mends it")
    func deliveries() throws {
        let (world, laptop, rows) = try SealedNonsenseTests.world(seed: 452)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "words")
        try world.sync(world.surreyOffice)
        let request = try laptop.replica.nextRequest(after: 0, limit: 1 << 20).request
        let answer = try answered(by: world.hub, try laptop.replica.seal(bundle: request), laptop)
        guard case .delivery(let delivery) = answer.body else {
            Issue.record("\(answer.body)")
            return
        }
        let image = world.folder.file("image")
        try laptop.close()
        try laptop.restart()
        try laptop.image(at: image)
        let before = try state(of: laptop)
        var refused = 0
        var applied: [[UInt8]] = []
        for damaged in Damage.everywhere(delivery) {
            do {
                _ = try laptop.replica.apply(damaged, hubMilliseconds: answer.hubMilliseconds)
                applied.append(damaged)
                try laptop.restore(from: image)
            } catch let failure as Failure {
                // What it may mean to a later version is not for this one to read.
                #expect([.badData, .configuration].contains(failure.code), "\(failure)")
                #expect(try state(of: laptop) == before)
                refused += 1
            }
        }
        #expect(refused > delivery.count, "\(refused) refused, \(applied.count) applied")
        // What the hub itself said wrongly, it can say rightly.
        let wrong = try #require(applied.randomElement(using: &world.generator))
        _ = try laptop.replica.apply(wrong, hubMilliseconds: answer.hubMilliseconds)
        #expect(try world.sync(laptop).digest != .mismatch)
        _ = try HubCheck(replica: laptop.replica, hub: world.hub).run(repairs: true)
        #expect(try world.sync(laptop).digest == .match)
        #expect(try laptop.text("detail", of: "need", rows.need) == "words")
    }

    /// What a refused delivery may not change.
    private func state(of device: Device) throws -> [String] {
        let facts = try device.replica.facts()
        return try device.read { database in
            try ["ru_outbox", "ru_scope", "need"].map { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map(\.description).sorted().joined()
            } + ["\(facts)"]
        }
    }

    private func answered(by hub: Hub, _ sealed: Replica.SealedRequest, _ device: Device) throws -> SyncAnswer {
        for _ in 0..<2 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: try device.replica.facts().keyNumber,
                ticket: try device.replica.ticket(), body: sealed.body)
            switch try hub.sync(signed) {
            case .challenge(let ticket): try device.replica.keep(ticket: ticket.encoded())
            case .keys: throw FormatError(.notAuthentic, "hub keys")
            case .answer(let bytes):
                let answer = try device.replica.open(answer: bytes, to: sealed)
                try device.replica.keep(ticket: answer.ticket)
                return answer
            }
        }
        throw FormatError(.notAuthentic, "ticket")
    }
}
