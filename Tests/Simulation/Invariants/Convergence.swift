import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// What a partner's devices may hold, worked out anew from the network's rules.
extension Audit {
    /// 1. Every replica that takes part equals what it may hold, bytewise and by digest, and the hub's open grants are
    /// what its rows say.
    func convergence() throws -> [String] {
        try active.flatMap(projection) + grants()
    }

    /// A replica holds, row by row and byte by byte, what its partner may read of the hub's tables, and its digest and
    /// the hub's say so.
    private func projection(on device: Device) throws -> [String] {
        var found: [String] = []
        let masks = try masks(of: device)
        let classes = try rowClasses()
        var digest = VersionDigest()
        for table in schema.tables {
            let columns = (["id"] + table.columns.map(\.name))
            let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table.name) ORDER BY id"
            let mine = try device.read { try Row.fetchAll($0, sql: sql) }.map { row in columns.map { row.plain($0) } }
            let expected = try hub.read { database in
                try Row.fetchAll(database, sql: sql).filter { row in
                    guard let scope = table.scopeColumn else { return true }
                    let bit = UInt64(1) << UInt64(classes.of(row, table))
                    return masks[row.identifier(scope), default: 0] & bit != 0
                }
            }.map { row in columns.map { row.plain($0) } }
            if !mine.elementsEqual(expected, by: { ValueList.areIdentical($0, $1) }) {
                found.append(
                    "\(device.name)'s \(table.name) has \(mine.count) rows, \(expected.count) expected, or other values"
                )
                for (left, right) in zip(mine, expected) where !ValueList.areIdentical(left, right) {
                    found.append("  \(left.dropFirst()) instead of \(right.dropFirst())")
                    break
                }
            }
            try hub.read { database in
                let clocks = try Row.fetchAll(
                    database, sql: "SELECT key, h, ext FROM hub_row WHERE tbl = ? AND life = 1",
                    arguments: [Int64(table.number)])
                let held = Set(
                    expected.compactMap { row -> [UInt8]? in
                        guard case .blob(let bytes) = row[0] else { return nil }
                        return bytes
                    })
                for row in clocks where held.contains(row.bytes("key")) {
                    let clock = try RowClock(stamp: Position(row["h"]), extension: row.bytes("ext"))
                    digest.add(clock.leaf(table: table.number, key: row.identifier("key")))
                }
            }
        }
        let mine = try device.replica.facts().digest
        if mine != digest { found.append("\(device.name)'s digest is \(mine), and \(digest) by the hub's rows") }
        return found
    }

    /// The hub's open grants are what the rows say, no more and no less: of every partner, and of every laptop.
    private func grants() throws -> [String] {
        func open(_ condition: String, _ id: Identifier) throws -> [Identifier: UInt64] {
            try hub.read { database in
                Dictionary(
                    try Row.fetchAll(
                        database,
                        sql: """
                            SELECT s.id, g.read_mask FROM hub_grant g JOIN hub_scope s ON s.no = g.scope
                            WHERE g.closed IS NULL AND g.sub = (\(condition))
                            """, arguments: [id.sqlBlob]
                    ).map { ($0.identifier("id"), UInt64(bitPattern: $0["read_mask"] as Int64)) },
                    uniquingKeysWith: { $0 | $1 })
            }
        }
        let partners = try zip(world.partners, WorldShape.partners).compactMap { partner, place -> String? in
            try open("SELECT sub FROM hub_partner WHERE id = ?", partner) == masks(of: partner)
                ? nil : "\(place.code)'s grants are not what its rows say"
        }
        return try partners
            + active.compactMap { device in
                try open("SELECT sub FROM hub_device WHERE id = ?", device.id) == masks(of: device)
                    ? nil : "\(device.name)'s grants are not what the rows say"
            }
    }

    /// 4. No word of a case that was never referred is anywhere in a file of another partner, and none of a case that no
    /// caseload ever named in a file of another laptop than the one that opened it.
    func strangeWords() throws -> [String] {
        let laptops = world.devices.filter { !$0.isOffice }
        let onLaptops = try laptops.flatMap { device in
            try simulation.history.laptopSecrets.values.filter { $0.device != device.id }.compactMap { secret in
                try fileMentions(secret.word, device.path)
                    ? "\(device.name)'s file has one of another device's case" : nil
            }
        }
        return try onLaptops
            + world.devices.flatMap { device in
                try simulation.history.secrets.values.filter { $0.owner != device.partner }.compactMap { secret in
                    try fileMentions(secret.word, device.path) ? "\(device.name)'s file has one" : nil
                }
            }
    }
}
