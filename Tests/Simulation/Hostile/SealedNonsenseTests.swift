import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestMessages
import TestSupport
import Testing

/// What a seal and a signature prove is who sent it, and not that it makes sense.
@Suite("For the hub: a message that its true sender sealed, and that makes no sense, changes nothing")
struct SealedNonsenseTests {
    @Test("Every length and every changed byte of a sync that brings nothing")
    func claims() throws {
        let (world, laptop, _) = try SealedNonsenseTests.world(seed: 441)
        let request = try laptop.replica.nextRequest(after: 0, limit: 1 << 20).request
        #expect(request.batches.isEmpty)
        let sender = try TrueSender(laptop, world.hub)
        let before = try world.canon()
        var refused = 0
        for content in Damage.everywhere(request.encoded()) {
            if try sender.send(content, to: world.hub.sync) == nil { refused += 1 }
        }
        let changes = try world.changes(since: before)
        #expect(changes.isEmpty, "\(changes)")
        #expect(refused > request.encoded().count, "at least what is cut short")
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("Every changed byte of a batch in a request: none of its edits is taken, and the batch itself is, after all")
    func batches() throws {
        let (world, laptop, rows) = try SealedNonsenseTests.world(seed: 442)
        try laptop.set("detail", of: "need", rows.need, to: "words")
        let request = try laptop.replica.nextRequest(after: 0, limit: 1 << 20).request
        let batch = try #require(request.batches.first)
        let message = request.encoded()
        let start = try #require(message.firstRange(of: batch.header)).lowerBound
        let end = try #require(message.firstRange(of: batch.signature)).upperBound
        let sender = try TrueSender(laptop, world.hub)
        let before = try world.canon()
        for place in start..<end {
            for flip in [UInt8(1 << (place % 8)), 255] {
                var content = message
                content[place] ^= flip
                _ = try sender.send(content, to: world.hub.sync)
            }
        }
        let changes = try world.changes(since: before)
        #expect(changes.isEmpty, "\(changes)")
        #expect(try sender.send(message, to: world.hub.sync) != nil)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "words")
    }

    @Test("Every length and every changed byte of a question: about a step, about rows, after a restore")
    func questions() throws {
        let (world, laptop, rows) = try SealedNonsenseTests.world(seed: 443)
        let sender = try TrueSender(laptop, world.hub)
        let facts = try laptop.replica.facts()
        let before = try world.canon()
        let question = StepQuestion(table: 1, key: rows.id, group: 0, to: "WITHDRAWN")
        for content in Damage.everywhere(question.encoded()) { _ = try sender.send(content, to: world.hub.preview) }
        let past = HistoryQuestion(table: 10, key: rows.id, before: Position(1 << 40))
        for content in Damage.everywhere(past.encoded()) { _ = try sender.send(content, to: world.hub.history) }
        let check = CheckRequest(
            epoch: facts.epoch, cursor: facts.cursor, key: rows.need, scopes: [rows.id, rows.need])
        for content in Damage.everywhere(check.encoded()) { _ = try sender.send(content, to: world.hub.check) }
        // It tells of everything that the laptop has, and is long.
        var mutator = Mutator(generator: SeededGenerator(seed: 443))
        for report in try laptop.replica.recoveryReports(into: facts.epoch, since: .zero) {
            let content = try report.encoded(layout: laptop.replica.schema)
            for _ in 0..<100 {
                _ = try sender.send(mutator.damaged(content, with: content), to: world.hub.recover)
            }
        }
        let changes = try world.changes(since: before)
        #expect(changes.isEmpty, "\(changes)")
        #expect(try world.sync(laptop).digest == .match)
    }

    /// What is signed counts: here the nonsense is the device's own word, so each piece must find a place, as a refusal,
    /// in quarantine or as an edit, and everybody else must go on.
    @Test("Edits under a good signature, damaged at random, are judged or refused, and nobody else is held up")
    func signedNonsense() throws {
        let (world, laptop, rows) = try SealedNonsenseTests.world(seed: 444)
        try laptop.set("detail", of: "need", rows.need, to: "words")
        try laptop.replica.seal()
        let genuine = try #require(try sealedBatches(of: laptop.replica).last)
        let sender = try TrueSender(laptop, world.hub)
        let request = try laptop.replica.nextRequest(after: 0, limit: 1 << 20).request
        var end = (
            head: genuine.header.parent, number: genuine.header.number - 1,
            sequence: genuine.header.firstSequence - 1
        )
        var mutator = Mutator(generator: SeededGenerator(seed: 444))
        var taken = 0
        for _ in 0..<150 {
            let body = mutator.damaged(genuine.signed.ops, with: genuine.signed.ops)
            let batch = try sender.batch(body, like: genuine.header, after: end)
            var next = request
            next.batches = [batch]
            let count = try world.reader.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_batch") ?? 0
            }
            _ = try sender.send(next.encoded(), to: world.hub.sync)
            let now = try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_batch") ?? 0 }
            guard now > count else { continue }
            taken += 1
            end = (batch.id, end.number + 1, end.sequence + UInt64(genuine.header.opCount))
        }
        #expect(taken > 0)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "the office goes on")
        #expect(try world.sync(world.surreyOffice).digest == .match)
        #expect(try world.sync(world.gloucestershire).digest == .match)
    }

    static func world(seed: UInt64) throws -> (World, Device, CaseRows) {
        let world = try World(seed: seed)
        let (laptop, rows) = try world.laptopWithCase()
        return (world, laptop, rows)
    }
}
