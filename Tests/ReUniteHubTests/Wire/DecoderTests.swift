import Foundation
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// The engine and a decoder that was written from the documents alone read the same bytes.
@Suite("Wire: an independent decoder agrees with the engine")
struct DecoderTests {
    @Test("of bytes with one flipped bit or byte, both read the same or both refuse")
    func flips() throws {
        var wholes = try WireVectors().all()
        let sealed = try Plain(json: try String(contentsOf: PythonDecoder.vectors("sealed.json"), encoding: .utf8))
        for one in sealed.items.prefix(1) {
            guard case .map(let fields) = one else { continue }
            // The header alone as well: in a bundle the signature would hide how it is read.
            for what in ["bundle", "bundle header"] {
                wholes.append(
                    WireCase(name: what, what: what, known: fields, bytes: try #require(one["hex"].bytes)))
            }
        }
        wholes += try keptPayloads()
        var mutants: [WireCase] = []
        for whole in wholes {
            for place in whole.bytes.indices {
                // Of what is long, and of what a model in Python takes long to read, one bit of each byte.
                let isModelled = ["ops", "rows"].contains(whole.what) && whole.bytes.first == 3
                let flips: [UInt8] =
                    whole.bytes.count <= 400 && !isModelled
                    ? [1, 2, 4, 8, 16, 32, 64, 128, 255] : [1 << UInt8(truncatingIfNeeded: place & 7)]
                for flip in flips {
                    var bytes = whole.bytes
                    bytes[place] ^= flip
                    mutants.append(whole.with(bytes))
                }
            }
        }
        try expectAgreement(mutants, readingAtLeast: mutants.count / 50)
    }

    @Test("of bytes that are cut short or run on, both read the same or both refuse")
    func lengths() throws {
        var mutants: [WireCase] = []
        for whole in try WireVectors().all() {
            for count in whole.bytes.indices { mutants.append(whole.with(Array(whole.bytes.prefix(count)))) }
            for more in [[0], [1], [0, 0, 0]] as [[UInt8]] { mutants.append(whole.with(whole.bytes + more)) }
        }
        // A batch's header may go on.
        try expectAgreement(mutants, readingAtLeast: 3)
    }

    @Test("what the engine seals with random keys, the decoder opens", arguments: [0, 62, 1_000, 40_000])
    func sealedByEngine(length: Int) throws {
        let vectors = try WireVectors()
        let device = vectors.deviceKeys
        let keys = device.publicKeys
        let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let label = BundleLabel(
            id: vectors.scope, kind: .down, hub: vectors.hub, epoch: vectors.epoch, sender: vectors.hub,
            from: Position(3), to: Position(900), createdMilliseconds: 1_760_000_000_000)
        let bundle = try SealedBundle.seal(
            content: content, label: label, to: [vectors.hubKeys.publicKeys, keys], signedWith: vectors.hubKeys,
            chunkSize: 1_024)
        let sender = Plain.map([
            "sender": .bytes(vectors.hub.bytes), "number": .number(1),
            "signing": .bytes(vectors.hubKeys.publicKeys.signing),
        ])
        let secret = Plain.bytes(device.exportSecret().suffix(32))
        let batch = SignedBatch(header: [1, 2, 3], ops: content, signature: Array(repeating: 0, count: 64))
        let cases = [
            WireCase(
                name: "bundle", what: "bundle", known: ["senders": .list([sender]), "sealingKey": secret],
                bytes: bundle),
            WireCase(
                name: "ops", what: "sealed ops", known: ["batch": .bytes(batch.id.bytes), "sealingKey": secret],
                bytes: try batch.sealed(to: keys).ops),
        ]
        let answers = try PythonDecoder.decode(cases)
        let header = try SealedBundle.readHeader(bundle)
        #expect(answers == [Plain.bundle(header, content), .map(["ops": .bytes(content)])].map(\.canonical))
    }

    /// The payloads that the delta tests keep: every form of column, sections that interleave, text in words, a model.
    private func keptPayloads() throws -> [WireCase] {
        let kept = [("ops", "ops", 29), ("rows", "rows", 29), ("words", "ops", 12), ("modelled", "ops", 6)]
        return try kept.map { name, kind, count in
            let file = PythonDecoder.root.appending(path: "Tests/ReUniteSyncTests/Vectors/delta-\(name).hex")
            let text = try String(contentsOf: file, encoding: .utf8).filter { !$0.isWhitespace }
            let bytes = try #require(Plain.text(text).bytes)
            return WireCase(name: "kept \(name)", what: kind, known: ["count": .number(Int64(count))], bytes: bytes)
        }
    }

    private func expectAgreement(_ mutants: [WireCase], readingAtLeast least: Int) throws {
        let answers = try PythonDecoder.decode(mutants)
        var read = 0
        var differences = 0
        for (mutant, answer) in zip(mutants, answers) {
            let engine = try mutant.engineContent()
            if engine != nil { read += 1 }
            let isSame = engine.map { $0 == answer } ?? answer.hasPrefix("refused: ")
            guard !isSame else { continue }
            differences += 1
            if differences <= 20 {
                Issue.record(
                    "\(mutant.name): \(mutant.plain["hex"])\n engine \(engine ?? "refuses")\n decoder \(answer)")
            }
        }
        #expect(differences == 0, "\(differences) of \(mutants.count)")
        #expect(read >= least, "too little that was changed could be read: this proves nothing")
    }

    @Test("what really travels between two offices and a hub decodes to what the engine reads and what the tables hold")
    func traffic() throws {
        let world = try PolicyWorld()
        let hubKeys = try DeviceKeys(importingSecret: try world.folder.bytes(of: "hub/keys"))
        let traffic = Traffic()
        for office in [world.owner, world.guest] {
            let facts = try office.replica.facts()
            let line = TrafficLine(hub: facts.hub, hubKeys: hubKeys, device: facts.device, deviceKeys: office.keys)
            office.watch = { request, answer in try traffic.note(request, answer, on: line) }
        }
        let plan = row(1)
        let tally = row(2)
        try world.owner.edit(
            """
            INSERT INTO plan(id, centre_id, aim, note) VALUES(\(literal(plan)), \(world.centreLiteral), 'Zoë’s', 'one');
            INSERT INTO tally(id, centre_id, visits, calls) VALUES(\(literal(tally)), \(world.centreLiteral), 2, 5);
            INSERT INTO stay(centre_id) VALUES(\(world.centreLiteral));
            INSERT INTO booking(centre_id, home, from_on, to_on)
              VALUES(\(world.centreLiteral), 'Home 1', '2026-03-01', '2026-04-01');
            """)
        try world.settle()
        // Two values that nobody has seen of each other, a sum, a step, a refusal and a deletion.
        try world.owner.edit("UPDATE plan SET note = 'two'; UPDATE tally SET visits = visits + 3; DELETE FROM booking")
        try world.guest.edit("UPDATE plan SET note = 'three'; UPDATE tally SET visits = visits + 4")
        try world.guest.edit("UPDATE stay SET state = 'OFFERED'; INSERT INTO office(relation) VALUES('NOBODY')")
        try world.settle()

        let found = try PythonDecoder.decode(traffic.lines)
        #expect(found.count > 10)
        for (answer, expected) in zip(found, traffic.expected) { #expect(answer == expected) }
        try expectTables(found.map { try Plain(json: $0) }, of: world)
    }

    /// What the deliveries, one after another, say of each cell, looked up in the hub's tables.
    private func expectTables(_ exchanges: [Plain], of world: PolicyWorld) throws {
        let schema = world.owner.replica.schema
        var held = DeliveredRows()
        for delivery in exchanges.map({ $0["answer"]["delivery"] }) { try held.take(delivery, schema) }
        var compared = 0
        for (name, cells) in held.cells {
            let table = try #require(schema[name.table])
            for (index, cell) in cells {
                let column = table.columns[index].name
                let value = try world.value("SELECT \(column) FROM \(table.name) WHERE id = \(literal(name.key))")
                #expect(cell.canonical == Plain.value(value).canonical, "\(table.name).\(column)")
                compared += 1
            }
        }
        #expect(compared >= 10)
        #expect(held.siblings.values.map(\.count).max() == 2, "both notes stand")
        let refused = exchanges.flatMap { $0["answer"]["delivery"]["receipts"].items }
            .flatMap { $0["exceptions"].items }
        #expect(refused.contains { $0["reason"] == .text("role") && $0["verdict"] == .text("quarantined") })
    }
}

/// A client's rows as the deliveries tell of them. What was echoed is not known from them.
struct DeliveredRows {
    struct Name: Hashable {
        let table: UInt16
        let key: Identifier
    }

    /// By row, by the column's place.
    private(set) var cells: [Name: [Int: Plain]] = [:]
    private(set) var siblings: [Name: [Plain]] = [:]

    mutating func take(_ delivery: Plain, _ schema: SchemaDescription) throws {
        for row in delivery["rows"].items {
            let name = try DeliveredRows.name(row)
            let table = try #require(schema[name.table])
            for index in table.columnIndexes(of: UInt64(try #require(row["echoed"].number))) {
                cells[name]?[index] = nil
            }
            let indexes = table.columnIndexes(of: UInt64(try #require(row["groups"].number)))
            for (index, value) in zip(indexes, row["values"].items) { cells[name, default: [:]][index] = value }
            siblings[name] = row["siblings"].items
        }
        for gone in delivery["tombstones"].items { cells[try DeliveredRows.name(gone)] = nil }
    }

    private static func name(_ row: Plain) throws -> Name {
        Name(
            table: UInt16(try #require(row["table"].number)),
            key: try #require(row["key"].text.flatMap { Identifier($0) }))
    }
}

/// Whose keys open what travels.
struct TrafficLine {
    let hub: Identifier
    let hubKeys: DeviceKeys
    let device: Identifier
    let deviceKeys: DeviceKeys
}

/// What travelled, for the decoder, and what the engine reads in it.
final class Traffic {
    private(set) var lines: [Plain] = []
    private(set) var expected: [String] = []

    func note(_ request: [UInt8], _ answer: [UInt8], on line: TrafficLine) throws {
        let hubKeys = line.hubKeys.publicKeys
        let deviceKeys = line.deviceKeys.publicKeys
        func sender(_ id: Identifier, _ keys: PublicKeys) -> Plain {
            .map([
                "sender": .bytes(id.bytes), "number": .natural(UInt64(keys.number)), "signing": .bytes(keys.signing),
            ])
        }
        lines.append(
            .map([
                "what": .text("exchange"), "hex": .bytes(request), "answer": .bytes(answer),
                "senders": .list([sender(line.hub, hubKeys), sender(line.device, deviceKeys)]),
                "hubSigning": .bytes(hubKeys.signing), "deviceSigning": .bytes(deviceKeys.signing),
                "hubSealingKey": .bytes(line.hubKeys.exportSecret().suffix(32)),
                "deviceSealingKey": .bytes(line.deviceKeys.exportSecret().suffix(32)),
            ]))
        let asked = try SyncRequest(
            decoding: try SealedBundle.open(request, with: line.hubKeys, from: deviceKeys).content)
        let answered = try SyncAnswer(
            decoding: try SealedBundle.open(answer, with: line.deviceKeys, from: hubKeys).content)
        let batches = try Plain.list(asked.batches) { batch in
            let open = try batch.opened(with: line.hubKeys)
            let header = try open.verifiedHeader()
            return .map([
                "form": .number(batch.isSealed ? 1 : 0), "header": .header(header, batch.header),
                "ops": .list(try OpCodec.decode(open.ops, expecting: Int(header.opCount)), Plain.op),
                "genuine": .flag(open.isAuthentic(signedBy: deviceKeys)),
            ])
        }
        let proofs = try Plain.list(asked.checkpoints) {
            .checkpoint(try SignedCheckpoint(decoding: $0), signedBy: hubKeys)
        }
        let exchange = Plain.map([
            "request": .request(asked, batches: batches, checkpoints: proofs),
            "answer": try .answer(answered) { .delivery(try Delivery(decoding: $0)) },
        ])
        expected.append(exchange.canonical)
    }
}
