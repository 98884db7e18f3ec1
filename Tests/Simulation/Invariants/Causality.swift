import GRDB
import ReUniteReplica
import ReUniteSync

/// Seen and unseen, compared with what people really saw (`TrueHistory`).
extension Audit {
    /// A reviewed cell that people wrote to, and that is there now.
    private struct Reviewed {
        let cell: Cell
        let table: TableDescription
        let accepted: Set<[Value]>
        let shown: [Value]
        let standing: Set<[Value]>
        var name: String { "\(table.name).\(cell.group)" }
    }

    private func reviewed() throws -> [Reviewed] {
        let accepted = acceptedValues()
        return try hub.read { database in
            var cells: [Reviewed] = []
            for cell in simulation.history.replaced.keys.sorted() {
                guard let table = schema[cell.table], let shown = try shown(cell, table, database) else { continue }
                let rows = try Row.fetchAll(
                    database, sql: "SELECT val FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ?",
                    arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)])
                let standing = rows.isEmpty ? [shown] : Set(try rows.map { try ValueList.decode($0.bytes("val")) })
                cells.append(
                    Reviewed(
                        cell: cell, table: table,
                        accepted: (accepted[cell] ?? []).subtracting(simulation.history.undone[cell] ?? []),
                        shown: shown, standing: standing))
            }
            return cells
        }
    }

    /// 5. A reviewed cell has exactly the values that nobody replaced knowingly, and shows one of them.
    func siblings() throws -> [String] {
        try reviewed().flatMap { cell -> [String] in
            var found: [String] = []
            let expected = simulation.history.maximal(cell.accepted, in: cell.cell)
            if cell.standing != expected {
                found.append("\(cell.name) has \(cell.standing), and \(expected) stand\(story(of: cell.cell))")
            }
            if !expected.contains(cell.shown) { found.append("\(cell.name) shows a value that does not stand") }
            return found
        }
    }

    /// Every edit of a cell as it was judged, and what its author had in front of them, for whoever looks for a fault.
    private func story(of cell: Cell) -> String {
        let names = Dictionary(world.devices.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let bases = Dictionary(batches.map { ($0.number, $0.header.base.rawValue) }, uniquingKeysWith: { a, _ in a })
        let edits = judged.filter { $0.op.table == cell.table && $0.op.key == cell.key }.compactMap {
            entry -> String? in
            guard let table = schema[cell.table], entry.op.groups & (1 << UInt64(cell.group)) != 0 else { return nil }
            let base = entry.op.context?.cellBase?.rawValue ?? bases[entry.batchNumber] ?? -1
            let kept = entry.op.context?.kept.count ?? 0
            let verdict = entry.exception.map { "\($0.verdict) \($0.reason.code)" } ?? "accepted"
            return """
                \(entry.position) \(names[entry.device] ?? "another") wrote \(entry.values(of: cell.group, table)) at base \
                \(base) keeping \(kept): \(verdict)
                """
        }
        let links = (simulation.history.replaced[cell] ?? [:]).map { "\($0.key) over \($0.value)" }.sorted()
        return (edits + links + standing(in: cell)).map { "\n    " + $0 }.joined()
    }

    /// What stands at the hub, and since which position: one that came back, or was released, later than it was judged.
    private func standing(in cell: Cell) -> [String] {
        let rows = try? hub.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT s.h, s.val, b.first_position + o.idx AS judged FROM hub_sibling s
                    JOIN hub_op o ON o.h = s.h JOIN hub_batch b ON b.no = o.batch
                    WHERE s.tbl = ? AND s.key = ? AND s.grp = ? ORDER BY s.h
                    """, arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)])
        }
        return (rows ?? []).map { row in
            let values = (try? ValueList.decode(row.bytes("val"))) ?? []
            return "\(values) stands since \(row["h"] as Int64), judged at \(row["judged"] as Int64)"
        }
    }

    /// 6. Two values of a reviewed cell that were written without knowledge of each other opened a conflict, and it
    /// is open as long as more than one value stands.
    func missedConflicts() throws -> [String] {
        let open = try hub.openConflicts()
        let ever = try hub.everConflicts()
        return try reviewed().flatMap { cell -> [String] in
            var found: [String] = []
            let expected = simulation.history.maximal(cell.accepted, in: cell.cell)
            if expected.count > 1 && !open.contains(cell.cell) { found.append("\(cell.name) has no conflict") }
            let accepted = cell.accepted.subtracting([[.null]])
            if simulation.history.hasConcurrentPair(accepted, in: cell.cell) && !ever.contains(cell.cell) {
                found.append("\(cell.name) never had a conflict")
            }
            return found
        }
    }

    /// 7. A conflict of a reviewed cell is about values that were written without knowledge of each other.
    func falseConflicts() throws -> [String] {
        let open = try hub.openConflicts()
        let ever = try hub.everConflicts()
        var found = try reviewed().flatMap { cell -> [String] in
            var found: [String] = []
            let expected = simulation.history.maximal(cell.accepted, in: cell.cell)
            if expected.count == 1 && open.contains(cell.cell) { found.append("\(cell.name) has a conflict") }
            if ever.contains(cell.cell) && !simulation.history.hasConcurrentPair(cell.accepted, in: cell.cell) {
                found.append("\(cell.name) had a conflict")
            }
            return found
        }
        try hub.read { database in
            for cell in open.sorted() {
                let count = try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ?",
                    arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)])
                if count ?? 0 < 2 { found.append("a conflict on table \(cell.table) is about one value") }
            }
        }
        return found
    }
}
