import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A hub and the offices of some societies, which read one room's papers with masks of their own.
final class ClassWorld {
    let folder: TemporaryFolder
    let time: ScriptedTime
    let hub: Hub
    private(set) var offices: [Office] = []
    private(set) var masks: [UInt64]
    let room = Identifier(high: 0x4004_0000_0000_7000, low: 0x8000_0000_0000_0001)

    /// - Parameter masks: what each society reads and writes at first; 0 for nothing.
    init(masks: [UInt64], seed: UInt64 = 1) throws {
        self.masks = masks
        folder = try TemporaryFolder()
        time = ScriptedTime()
        let randomness = ScriptedRandomness(seed: seed)
        hub = try Hub.create(
            folder: folder.file("hub"), name: "Archive", network: ClassNetwork.network, time: time,
            randomness: randomness.identifier)
        for number in masks.indices {
            let id = try hub.addPartner(code: "S\(number)", name: "S\(number)") { database, id in
                try database.execute(
                    sql: "INSERT INTO society(id, name) VALUES(?, ?)", arguments: [id.sqlBlob, "S\(number)"])
            }
            try hub.insert("Adding a member") { database, _ in
                try database.execute(
                    sql: "INSERT INTO member(id, room_id, society_id, reads, writes) VALUES(?, ?, ?, ?, ?)",
                    arguments: [
                        member(number).sqlBlob, self.room.sqlBlob, id.sqlBlob, Int64(masks[number]),
                        Int64(masks[number]),
                    ])
            }
            offices.append(
                try Office(
                    "office-\(number)", partner: "S\(number)", of: hub, network: ClassNetwork.network, in: folder,
                    time: time, seed: seed &* 100 &+ UInt64(number)))
        }
        try syncAll()
    }

    private func member(_ number: Int) -> Identifier { row(0xFF00 + UInt64(number)) }

    /// A society reads and writes other classes from now on.
    func set(mask: UInt64, of number: Int) throws {
        let table = try #require(try tables()[2])
        let op = Op(
            table: 2, key: member(number), kind: .set, groups: 1 << 2, stamp: HybridTime(milliseconds: 1),
            values: [.integer(Int64(mask)), .integer(Int64(mask))])
        #expect(table.columnIndexes(of: op.groups).count == 2)
        #expect(try hub.submit([op]).flatMap(\.exceptions).allSatisfy { $0.verdict != .quarantined })
        masks[number] = mask
    }

    /// An operator decides what a paper's secrecy is, naming every value that stands.
    func resolve(_ key: Identifier, to secrecy: String) throws {
        let names = try standing(of: key)
        let op = Op(
            table: ClassNetwork.paper, key: key, kind: .resolve, groups: 1 << 1, stamp: HybridTime(milliseconds: 1),
            values: [.text(secrecy)], context: Op.Context(supersedes: names))
        #expect(try hub.submit([op]).flatMap(\.exceptions).allSatisfy { $0.verdict != .quarantined })
    }

    private func standing(of key: Identifier) throws -> [SiblingName] {
        try read { database in
            guard
                let found = try Row.fetchOne(
                    database, sql: "SELECT h, ext FROM hub_row WHERE tbl = 3 AND key = ?", arguments: [key.sqlBlob])
            else { return [] }
            let clock = try RowClock(stamp: Position(found["h"]), extension: found.bytes("ext"))
            let several = clock.siblings.filter { $0.group == 1 }
            if !several.isEmpty { return several }
            let op = try Row.fetchOne(
                database, sql: "SELECT o.idx, b.id FROM hub_op o JOIN hub_batch b ON b.no = o.batch WHERE o.h = ?",
                arguments: [clock.position(of: 1).rawValue])
            guard let op, let batch = BatchID(bytes: op.bytes("id")) else { return [] }
            return [SiblingName(group: 1, op: OpID(batch: batch.short, index: UInt32(op["idx"] as Int64)))]
        }
    }

    func add(_ key: Identifier, _ secrecy: String, body: String, on office: Office) throws {
        try office.edit(
            """
            INSERT INTO paper(id, room_id, secrecy, title, body)
            VALUES(\(literal(key)), \(literal(room)), '\(secrecy)', 'title of \(body)', '\(body)');
            """)
    }

    func syncAll() throws {
        for _ in 0..<2 { for office in offices { try office.sync() } }
    }

    // MARK: Looking

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: folder.file("hub/hub.sqlite"), configuration: configuration).read(body)
    }

    private func tables() throws -> SchemaDescription { try read { try ManifestReader.read($0) } }

    /// The papers that a society may read, as the hub's tables have them.
    func papers(for number: Int) throws -> [String] {
        let bits = ["OPEN": ClassNetwork.open, "SECRET": ClassNetwork.secret, "VAULT": ClassNetwork.vault]
        return try read { try Row.fetchAll($0, sql: "SELECT * FROM paper ORDER BY id") }.filter {
            let secrecy: String? = $0["secrecy"]
            return masks[number] & (bits[secrecy ?? "VAULT"] ?? ClassNetwork.vault) != 0
        }.map(\.description)
    }

    func papers(on office: Office) throws -> [String] {
        try office.replica.read("Reading") {
            try Row.fetchAll($0, sql: "SELECT * FROM paper ORDER BY id").map(\.description)
        }
    }

    /// Whether a word is in any value of any table of an office's file, but for what the office itself has sent.
    func mentions(_ word: String, on office: Office) throws -> Bool {
        try office.replica.read("Reading") { database in
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('ru_outbox', 'ru_hex')")
            return try tables.contains { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(quoted(table))").contains { row in
                    row.databaseValues.contains { value in
                        switch value.storage {
                        case .string(let text): text.contains(word)
                        case .blob(let data): String(decoding: data, as: UTF8.self).contains(word)
                        case .null, .int64, .double: false
                        }
                    }
                }
            }
        }
    }
}
