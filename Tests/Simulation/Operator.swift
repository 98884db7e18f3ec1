import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// What the hub's operator does while the world runs.
extension Simulation {
    private static let reason = "asked by telephone"

    /// A decision that may still be taken back.
    struct Decision {
        let conflict: String
        let cell: Cell
        let value: [ReUniteSync.Value]
    }

    func operate() throws {
        switch random(6) {
        case 0, 1: try decide()
        case 2, 3: if decisions.isEmpty { try decide() } else { try takeBack() }
        default: try release()
        }
    }

    /// Somebody at the hub looks at a conflict and decides by a new value.
    private func decide() throws {
        var open: [(conflict: OpenConflict, place: Cell)] = []
        for conflict in try world.hub.conflicts() {
            guard let place = try place(of: conflict), history.replaced[place] != nil else { continue }
            open.append((conflict, place))
        }
        guard !open.isEmpty else { return }
        open.sort { $0.place < $1.place }
        let choice = open[random(open.count)]
        let (conflict, cell) = (choice.conflict, choice.place)
        let word = "decided\(serial)"
        serial += 1
        let texts = conflict.columns.enumerated().map { $0.offset == 0 ? word : "\(word) too" }
        let members = zip(conflict.columns, texts).map { column, text in "\"\(column)\": \"\(text)\"" }
        let json = "{\(members.joined(separator: ", "))}"
        let seen = try standing(cell)
        _ = try world.hub.resolve(conflict.id, .value(json: json), by: "operator", reason: Self.reason)
        let value = texts.map { ReUniteSync.Value.text($0) }
        history.decided(value, over: seen, in: cell)
        decisions.append(Decision(conflict: conflict.id, cell: cell, value: value))
        meet("decision")
        note("the hub decides")
    }

    /// The newest decision about a conflict was wrong.
    private func takeBack() throws {
        guard !decisions.isEmpty else { return }
        let conflict = decisions[random(decisions.count)].conflict
        guard let place = decisions.lastIndex(where: { $0.conflict == conflict }) else { return }
        let decision = decisions[place]
        let stoodAlone = try standing(decision.cell) == [decision.value]
        do {
            _ = try world.hub.reopen(conflict, by: "operator", reason: Self.reason)
        } catch let failure as Failure where failure.code == .badData {
            // The row is gone, or what was decided between is.
            return note("nothing to take back")
        }
        decisions.remove(at: place)
        history.tookBack(decision.value, in: decision.cell, isGone: stoodAlone)
        meet("taken back")
        note("the hub takes a decision back")
    }

    /// Something in quarantine is let through after all, or never.
    private func release() throws {
        // Another hub that judges the same batches once more knows nothing of an operator's word.
        guard !isRejudged else { return }
        let waiting = try world.hub.quarantine()
        guard !waiting.isEmpty else { return }
        let edit = waiting[random(waiting.count)]
        do {
            if random(4) == 0 {
                _ = try world.hub.refuse(quarantined: edit.id, by: "operator", reason: Self.reason)
                meet("refusal")
                note("the hub refuses \(edit.reason)")
            } else {
                let released = try world.hub.release(quarantined: edit.id, by: "operator", reason: Self.reason)
                meet("release")
                note("the hub releases \(edit.reason): \(released.outcome)")
            }
        } catch let failure as Failure where failure.code == .badData {
            note("\(edit.reason) cannot be released")
        }
    }

    private func place(of conflict: OpenConflict) throws -> Cell? {
        let tables = world.hub.store.tables.tables
        guard let table = tables.first(where: { $0.name == conflict.table }), let key = Identifier(conflict.row),
            let group = table.columns.first(where: { $0.name == conflict.columns.first })?.group
        else { return nil }
        return Cell(table: table.number, key: key, group: group)
    }

    private func standing(_ cell: Cell) throws -> Set<[ReUniteSync.Value]> {
        let tables = world.hub.store.tables
        return try world.reader.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT val FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ?",
                arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)])
            if !rows.isEmpty { return Set(try rows.map { try ValueList.decode($0.bytes("val")) }) }
            guard let table = tables[cell.table] else { return [] }
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM \(table.name) WHERE id = ?", arguments: [cell.key.sqlBlob])
            return row.map { row in
                [table.columnIndexes(of: 1 << UInt64(cell.group)).map { row.plain(table.columns[$0].name) }]
            } ?? []
        }
    }
}
