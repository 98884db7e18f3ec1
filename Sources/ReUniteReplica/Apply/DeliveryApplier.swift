import GRDB
import ReUniteSync

/// Applies one delivery to the tables, in the caller's write transaction: whole or not at all.
///
/// The tables then show the hub's values with this device's unjudged edits on top. Order (`docs/protocol.md`,
/// "Deliveries"): what leaves, what enters, receipts, rows, rows that are gone, sweep. Then what is gone goes from the
/// outbox too (``Withholding``).
final class DeliveryApplier {
    private let database: Database
    private let schema: SchemaDescription
    private let clocks: ClockStore
    private let pending: PendingEdits
    private let scopes: ScopeStore
    private let kept: KeptCells
    private let hub: PublicKeys
    private let lastLook: LastLook
    private var departures: Departures
    private var writers: [UInt16: TableStatements] = [:]
    /// Rows of one table that wait to be written together.
    private let waiting = TableStatements.waitingRows()
    private var report = ApplyReport()
    private let mentioned: RowList
    private var wanted = Set<RowKey>()
    /// Of these, rows of which the hub repeated nothing, at versions that were here already.
    private var wantedAsHeld = Set<RowKey>()
    private var hasWants = false
    /// Of the rows that came, those of which only some cells did.
    private var partial = Set<RowKey>()
    /// Positions of the device's own edits of which this replica was not waiting for the verdict.
    private var strange: [Range<Int64>] = []

    /// - Parameters:
    ///   - highestScope: a number that no scope's is above; nil where it is not known.
    ///   - hub: the keys to which edits of what left are sealed.
    ///   - lastLook: is given what is about to be written over or to go.
    ///   - scratch: the folder for what is too long for memory.
    init(
        _ database: Database, schema: SchemaDescription, digest: VersionDigest, highestScope: Int64? = nil,
        hub: PublicKeys, lastLook: LastLook, scratch: String
    ) throws {
        self.database = database
        self.schema = schema
        self.hub = hub
        self.lastLook = lastLook
        clocks = try ClockStore(database, digest: digest)
        pending = try PendingEdits(database, scratch: scratch)
        mentioned = RowList(folder: scratch)
        departures = Departures(scratch: scratch)
        scopes = ScopeStore(database, highest: highestScope)
        kept = try KeptCells(database)
    }

    /// A number that no scope's is above, after the delivery; nil where nobody had to look.
    var highestScope: Int64? { scopes.highest }

    /// - Parameters:
    ///   - delivery: everything but the rows.
    ///   - now: milliseconds since 1970, for the list of returned edits.
    ///   - nextPage: some more rows; nil after the last.
    func apply(
        _ delivery: Delivery, atMilliseconds now: Int64, nextPage: () throws -> [RowState]?
    ) throws -> (report: ApplyReport, digest: VersionDigest) {
        var entered = NumberSet()
        // Of these, rows may be here that the delivery does not mention. A scope that is met for the first time has none.
        var swept = NumberSet()
        try leave(delivery.events.filter { $0.kind == .leave }.map(\.scope))
        for event in delivery.events where event.kind == .enter {
            let before = try scopes.entry(event.scope)
            if before?.isHeld != true { report.entered.append(event.scope) }
            let number = try scopes.enter(event, replacing: before)
            entered.insert(number)
            guard let before else { continue }
            swept.insert(number)
            let lost = before.readMask & ~event.readMask
            if before.isHeld && lost != 0 {
                departures.close(event.scope, before, classes: lost)
                try removeUndecided(event.scope, classes: lost)
            }
        }
        if delivery.from == .zero {
            // The whole scope: what it does not name is no longer ours.
            try leave(scopes.all { !entered.contains($0.number) && $0.id != .zero }.map(\.id))
            swept.insert(try scopes.number(of: .zero))
        }
        try take(delivery.receipts, atMilliseconds: now)
        let sweeps = !swept.isEmpty && !clocks.wasEmpty
        hasWants = try EngineStatement.finds("ru_want", database)
        while let page = try nextPage() {
            try page.withUnsafeBufferPointer { try take($0, mentioning: sweeps) }
        }
        try clocks.flush()
        for tombstone in delivery.tombstones { try take(tombstone) }
        if sweeps { try purge(scopes: swept) { try !self.mentioned.contains($0) } }
        swept.formUnion(entered)
        try sweepJudged(scopes: swept)
        try settleDepartures(delivery)
        try updateWants()
        return (report, clocks.digest)
    }

    /// Only what a delivery takes away: scopes that left, classes that were taken from those that stay, rows that are gone.
    /// Everything else is left to the delivery itself, which brings what of these scopes may stay.
    func close(_ delivery: Delivery) throws -> (report: ApplyReport, digest: VersionDigest) {
        try leave(delivery.events.filter { $0.kind == .leave }.map(\.scope))
        for event in delivery.events where event.kind == .enter {
            guard let before = try scopes.entry(event.scope), before.isHeld else { continue }
            let lost = before.readMask & ~event.readMask
            guard lost != 0 else { continue }
            departures.close(event.scope, before, classes: lost)
            try purge(scopes: NumberSet([before.number])) { row in
                schema[row.table].map { lost & (1 << UInt64($0.disclosureClass)) != 0 } ?? false
            }
            try removeUndecided(event.scope, classes: lost)
            _ = try scopes.enter(event, replacing: before)
        }
        for tombstone in delivery.tombstones { try take(tombstone) }
        try settleDepartures(delivery)
        try updateWants()
        return (report, clocks.digest)
    }

    /// Takes what is gone from the outbox too, and notes what the file must be cleaned of.
    private func settleDepartures(_ delivery: Delivery) throws {
        if !departures.isEmpty {
            let gone = try Withholding(database, schema: schema, hub: hub)
                .run(departures) { try self.scopes.entry($0)?.readMask ?? 0 }
            try gone.walk { place, _ in
                try pending.forget(place.row.table, place.row.key)
                try mentioned.add(place.row)
            }
            if !gone.isEmpty || !departures.scopes.isEmpty {
                try PurgeDebt.note(
                    departures, single: try singleRows(), at: delivery.checkpoint.checkpoint.position, in: database)
                report.owesPurge = true
            }
        }
    }

    // MARK: Rows

    /// Takes a page of rows, table by table and by key: whatever SQLite keeps by key is met in its order, each page of the
    /// file once.
    ///
    /// - Parameters:
    ///   - rows: they are read where they are, for to copy one takes as long as to bind it.
    ///   - mentioning: whether to keep in mind which they were, in any case.
    private func take(_ rows: UnsafeBufferPointer<RowState>, mentioning: Bool) throws {
        var tables: [UInt16: [Place]] = [:]
        for run in runs(of: rows) {
            tables[rows[run.lowerBound].table, default: []].append(
                contentsOf: run.lazy.map { Place(key: rows[$0].key, index: $0) })
        }
        let numbers = try scopes.numbers(of: rows)
        for (number, places) in tables.sorted(by: { $0.key < $1.key }) {
            let writer = try schema[number].map(writer(of:))
            if let writer {
                writer.expected = places.count { rows[$0.index].groups == writer.allGroups }
            }
            let sorted = places.sorted { $0.key < $1.key }
            // Side by side they would both find the clock of before.
            guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.key != $1.key }) else {
                throw Replica.badDelivery("it has a row twice on one page")
            }
            let indexes = sorted.map(\.index)
            let held = try indexes.map { try clocks.clock(number, rows[$0].key) }
            if let writer, !clocks.wasEmpty,
                try lastLook.keep(rows, at: indexes, clocks: held, of: writer, pending: pending)
            {
                try pending.refresh()
            }
            for (place, old) in zip(indexes, held) {
                if mentioning || hasWants || !pending.released.isEmpty {
                    try mentioned.add(RowKey(table: number, key: rows[place].key))
                }
                // Of one that is only named the hub has nothing.
                let isNamed = rows[place].groups | rows[place].echoed == 0
                if hasWants, !isNamed, let table = writer?.table, !rows[place].isWhole(of: table) {
                    partial.insert(RowKey(table: number, key: rows[place].key))
                }
                var isTaken = false
                if let writer { isTaken = try takeAlone(rows, place, writer) }
                if !isTaken { try take(rows[place], writer, held: old) }
                try clocks.set(rows[place].clock, replacing: old, number, rows[place].key, scope: numbers[place])
                report.rows += 1
            }
            try writer?.flush()
        }
    }

    /// Writes what most rows are, without a copy of them: known to this program, and with nothing of this device above
    /// them. Returns false, and writes nothing, where it is not that.
    private func takeAlone(_ rows: UnsafeBufferPointer<RowState>, _ place: Int, _ writer: TableStatements) throws
        -> Bool
    {
        let groups = rows[place].groups
        guard pending.isEmpty, rows[place].echoed == 0, groups & ~writer.allGroups == 0,
            rows[place].values.count == writer.columnCount(of: groups)
        else { return false }
        if groups == writer.allGroups {
            try writer.putLater(rows[place].key, rows[place].values)
            return true
        }
        return try groups != 0 && writer.update(rows[place].key, groups: groups, values: rows[place].values)
    }

    /// Where a row lies on its page.
    private struct Place {
        let key: Identifier
        let index: Int
    }

    /// The rows that lie side by side and are of one table.
    private func runs(of rows: UnsafeBufferPointer<RowState>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].table == rows[start].table { end += 1 }
            runs.append(start..<end)
            start = end
        }
        return runs
    }

    /// - Parameters:
    ///   - writer: of its table; nil where this program does not know it.
    ///   - held: what this replica knew of it.
    private func take(_ delivered: RowState, _ writer: TableStatements?, held: RowClock?) throws {
        if let writer {
            try noteEcho(delivered, held)
            try show(delivered, writer)
        } else {
            _ = try kept.take(delivered, besides: 0)
            if delivered.echoed != 0 { wanted.insert(RowKey(table: delivered.table, key: delivered.key)) }
        }
    }

    /// Shows what this program knows of a row, and keeps the rest.
    private func show(_ delivered: RowState, _ writer: TableStatements) throws {
        if delivered.groups & ~writer.allGroups == 0 {
            try show(delivered, of: delivered, writer)
        } else {
            try show(kept.take(delivered, besides: writer.allGroups), of: delivered, writer)
        }
    }

    /// - Parameters:
    ///   - row: what this program knows of it.
    ///   - delivered: the row as it came.
    private func show(_ row: RowState, of delivered: RowState, _ writer: TableStatements) throws {
        guard row.values.count == writer.columnCount(of: row.groups) else {
            throw Failure(
                .configuration, what: "Applying a delivery",
                why: "a row of \(writer.table.name) has other columns than this program knows",
                remedy: "Install the current reunite-sync and sync again")
        }
        let waiting = try pending.state(row.table, row.key)
        guard !waiting.isDeleted else { return }
        if waiting.deltas.isEmpty { return try show(row, of: delivered, writer, under: waiting.groups) }
        do {
            let sum = row.adding(waiting.deltas, writer.table)
            try show(sum, of: delivered, writer, under: waiting.groups, atOnce: true)
        } catch let fault as SQLiteFault where fault.isConstraint {
            // What waits here no longer fits what others counted: the hub will refuse it, and has the last word.
            try show(row, of: delivered, writer, under: waiting.groups)
        }
    }

    /// Writes the values that no edit of this device stands on.
    ///
    /// - Parameters:
    ///   - delivered: the row as it came.
    ///   - atOnce: so that a constraint that it breaks is known to be its own.
    private func show(
        _ row: RowState, of delivered: RowState, _ writer: TableStatements, under waiting: UInt64, atOnce: Bool = false
    ) throws {
        let groups = row.groups & ~waiting
        guard groups != 0 else { return }
        if groups == writer.allGroups {
            if atOnce { try writer.put(row.key, row.values) } else { try writer.putLater(row.key, row.values) }
            return
        }
        let table = writer.table
        let indexes = writer.columnIndexes(of: row.groups)
        var values = row.values
        if groups != row.groups {
            values = zip(indexes, values).filter { groups & (1 << UInt64(table.columns[$0.0].group)) != 0 }.map(\.1)
        }
        if try writer.update(row.key, groups: groups, values: values) { return }
        // A hub with an older schema has fewer columns than this replica.
        if delivered.isWhole(of: table) {
            try writer.put(row.key, groups: row.groups, values: row.values)
        } else {
            wanted.insert(RowKey(table: row.table, key: row.key))
        }
    }

    /// The hub repeats nothing that this device sent it. If the device did not, it asks for the row.
    private func noteEcho(_ row: RowState, _ held: RowClock?) throws {
        guard row.echoed != 0 else { return }
        let waiting = try pending.state(row.table, row.key)
        let echoed = waiting.isDeleted ? 0 : row.echoed & ~waiting.groups
        guard echoed != 0 else { return }
        let key = RowKey(table: row.table, key: row.key)
        let released = UInt64(bitPattern: try pending.released.bits(of: key) ?? 0)
        let doubted = echoed & ~released | strange(echoed, row)
        guard doubted != 0 else { return }
        wanted.insert(key)
        // Then it must show what comes.
        guard lastLook.comparesVersions, let held else { return }
        if doubted & ~held.groups(alike: row.clock, of: doubted) == 0 { wantedAsHeld.insert(key) }
    }

    private func take(_ tombstone: Tombstone) throws {
        let row = RowKey(table: tombstone.table, key: tombstone.key)
        try mentioned.add(row)
        guard let (scope, old) = try clocks.entry(tombstone.table, tombstone.key) else {
            // Never held, or made here and refused, or deleted before it came back: then it goes too, with what was typed
            // into it since. Unless it has been made anew, and that waits.
            if let table = schema[tombstone.table], try !pending.state(tombstone.table, tombstone.key).isNew {
                if try writer(of: table).delete(tombstone.key) { departures.undecided.insert(row) }
                try pending.forget(tombstone.table, tombstone.key)
            }
            return
        }
        // Deleted or hidden: the replica is not told which, so what was typed into it goes as well.
        if let table = schema[tombstone.table] { try writer(of: table).delete(tombstone.key) }
        try kept.forget(tombstone.table, tombstone.key)
        try clocks.forget(old, tombstone.table, tombstone.key)
        try pending.forget(tombstone.table, tombstone.key)
        try departures.take(row)
        departures.single[scope, default: 0] += 1
        report.rows += 1
    }

    private func writer(of table: TableDescription) throws -> TableStatements {
        if let writer = writers[table.number] { return writer }
        let writer = TableStatements(database, table, waiting: waiting)
        writers[table.number] = writer
        return writer
    }

    // MARK: Receipts

    private func take(_ receipts: [Receipt], atMilliseconds now: Int64) throws {
        guard !receipts.isEmpty else { return try pending.release(batches: []) }
        let find = try EngineStatement(database, "SELECT no, ops, state FROM ru_outbox WHERE id = ?")
        let judge = try EngineStatement(
            database, "UPDATE ru_outbox SET state = 2, receipt = ?, position = ? WHERE no = ?")
        var batches: [Int64] = []
        for receipt in receipts {
            find.bind(1, receipt.batch.bytes)
            guard try find.step() else {
                find.reset()
                strange.append(receipt.positions)
                continue
            }
            let number = find.int64(0)
            let body = find.blob(1)
            let wasJudged = find.int64(2) == 2
            find.reset()
            judge.bind(1, receipt.encoded())
            judge.bind(2, receipt.firstPosition.rawValue)
            judge.bind(3, number)
            try judge.run()
            if wasJudged {
                strange.append(receipt.positions)
                try settleReturned(receipt)
            } else {
                batches.append(number)
            }
            try giveBack(receipt, body: body, atMilliseconds: now)
        }
        try pending.release(batches: batches)
    }

    /// Those of these groups that were decided by an edit that this replica did not wait for, though its device made it:
    /// a copy of the replica wrote over what this one had sent.
    private func strange(_ groups: UInt64, _ row: RowState) -> UInt64 {
        guard !strange.isEmpty else { return 0 }
        return (0..<UInt8(64)).reduce(0) { found, group in
            guard groups & (1 << UInt64(group)) != 0 else { return found }
            let position = row.clock.position(of: group).rawValue
            return strange.contains { $0.contains(position) } ? found | 1 << UInt64(group) : found
        }
    }

    /// A receipt that comes once more tells what an operator decided about edits that had come back.
    private func settleReturned(_ receipt: Receipt) throws {
        let verdicts = Dictionary(
            receipt.exceptions.map { (Int64($0.index), $0.verdict) }, uniquingKeysWith: { first, _ in first })
        let waiting = try Int64.fetchAll(
            database, sql: "SELECT idx FROM ru_returned WHERE batch = ? AND state = 0",
            arguments: [receipt.batch.bytes.sqlBlob])
        for index in waiting where verdicts[index] != .quarantined {
            let state: ReturnedEdit.State = verdicts[index] == .refused ? .refused : .released
            try database.execute(
                sql: "UPDATE ru_returned SET state = ? WHERE batch = ? AND idx = ?",
                arguments: [state.rawValue, receipt.batch.bytes.sqlBlob, index])
        }
    }

    private func giveBack(_ receipt: Receipt, body: [UInt8], atMilliseconds now: Int64) throws {
        let returned = receipt.exceptions.filter { $0.verdict == .quarantined }
        guard !returned.isEmpty else { return }
        let ops = try OpCodec.decode(body, expecting: Int(receipt.opCount))
        for exception in returned where Int(exception.index) < ops.count {
            let op = ops[Int(exception.index)]
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO ru_returned(batch, idx, tbl, key, reason, groups, at_ms)
                    VALUES(?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    receipt.batch.bytes.sqlBlob, Int64(exception.index), Int64(op.table), op.key.sqlBlob,
                    Int64(exception.reason.rawValue), Int64(bitPattern: exception.groups), now,
                ])
            // A receipt that comes once more brings nothing back twice.
            report.returned += database.changesCount
        }
    }

    // MARK: Scopes

    private func leave(_ ids: [Identifier]) throws {
        var left: [Int64: Identifier] = [:]
        for scope in ids {
            guard let entry = try scopes.leave(scope) else { continue }
            left[entry.number] = scope
            departures.close(scope, entry, classes: .max)
            report.left.append(scope)
        }
        guard !left.isEmpty else { return }
        try purge(scopes: NumberSet(left.keys)) { _ in true }
        for scope in left.values { try removeUndecided(scope, classes: .max) }
    }

    /// Takes away the rows that show this scope and that the hub has not decided on: they were made here. After those
    /// that it has.
    private func removeUndecided(_ scope: Identifier, classes: UInt64) throws {
        var found: [(table: TableDescription, rows: [Identifier])] = []
        for table in schema.tables where classes & (1 << UInt64(table.disclosureClass)) != 0 {
            guard let column = table.scopeColumn else { continue }
            let keys = try EngineStatement(
                database, "SELECT id FROM \(quoted(table.name)) WHERE \(quoted(column)) = ?")
            keys.bind(1, scope)
            var rows: [Identifier] = []
            while try keys.step() {
                if let key = keys.identifier(0) { rows.append(key) }
            }
            if !rows.isEmpty { found.append((table, rows)) }
        }
        try lastLook.keep(unloggedOf: scope, in: found.map(\.table))
        for (table, rows) in found {
            for key in rows {
                // Of the whole scope also what the hub has as another's: somebody moved it past the triggers.
                if try classes != .max && clocks.clock(table.number, key) != nil { continue }
                try writer(of: table).delete(key)
                try pending.forget(table.number, key)
                departures.scopes[scope]?.rows += 1
            }
        }
    }

    /// Takes away the rows of these scopes that meet the condition, in one pass over the clocks: they have no index
    /// by scope, which every row would pay for.
    private func purge(scopes numbers: NumberSet, where condition: (RowKey) throws -> Bool) throws {
        let rows = try EngineStatement(database, "SELECT key, clock FROM ru_clock WHERE key > ? ORDER BY key")
        var last: [UInt8] = []
        var counts: [Int64: Int] = [:]
        var isDone = false
        while !isDone {
            // Some at a time: all that leaves may be most of what is here.
            var doomed: [(key: RowKey, clock: RowClock)] = []
            rows.bind(1, last)
            while doomed.count < DeliveryApplier.purgedAtOnce {
                guard try rows.step() else {
                    isDone = true
                    break
                }
                let (scope, clock) = try ClockForm.read(rows.bytes(1))
                guard numbers.contains(scope) else { continue }
                last = rows.blob(0)
                guard let name = ClockForm.row(last) else { continue }
                let row = RowKey(table: name.table, key: name.key)
                guard try condition(row) else { continue }
                doomed.append((row, clock))
                counts[scope, default: 0] += 1
            }
            rows.reset()
            for (row, clock) in doomed {
                if let table = schema[row.table] { try writer(of: table).delete(row.key) }
                try kept.forget(row.table, row.key)
                try clocks.forget(clock, row.table, row.key)
                try pending.forget(row.table, row.key)
                try mentioned.add(row)
                try departures.take(row)
            }
            report.purged += doomed.count
        }
        departures.count(counts)
    }

    private static let purgedAtOnce = 4_096

    /// What was made here and has just been judged has no clock for the sweep to find. If its scope came whole and
    /// without it, it is not to be held any more.
    private func sweepJudged(scopes numbers: NumberSet) throws {
        guard !numbers.isEmpty else { return }
        var judged: [RowKey] = []
        try pending.released.walk { place, _ in
            let row = place.row
            guard try !mentioned.contains(row), let table = schema[row.table], let column = table.scopeColumn else {
                return
            }
            let find = try EngineStatement(
                database, "SELECT \(quoted(column)) FROM \(quoted(table.name)) WHERE id = ?")
            find.bind(1, row.key)
            guard try find.step(), let scope = find.identifier(0), let entry = try scopes.entry(scope),
                numbers.contains(entry.number)
            else { return }
            judged.append(row)
        }
        for row in judged {
            guard let table = schema[row.table] else { continue }
            try writer(of: table).delete(row.key)
            try pending.forget(row.table, row.key)
            try mentioned.add(row)
            departures.undecided.insert(row)
            report.purged += 1
        }
    }

    /// The scopes in which rows went one by one, with their grants.
    private func singleRows() throws -> [PurgeDebt.Entry] {
        guard !departures.single.isEmpty else { return [] }
        return try scopes.all().compactMap { number, id in
            // Rows that everyone reads are hidden from nobody.
            guard id != .zero, let rows = departures.single[number] else { return nil }
            return PurgeDebt.Entry(scope: id, epoch: try scopes.entry(id)?.epoch ?? .zero, rows: rows)
        }
    }

    // MARK: Doubt

    /// Rows whose verdict came without the row are asked for again; rows that came are no longer wanted.
    private func updateWants() throws {
        if hasWants {
            // A suspect row is not done with before all of it has come, or is gone.
            let asked = try EngineStatement(database, "SELECT tbl, key, suspect FROM ru_want")
            var answered: [RowKey] = []
            while try asked.step() {
                guard let key = asked.identifier(1) else { continue }
                let row = RowKey(table: UInt16(truncatingIfNeeded: asked.int64(0)), key: key)
                guard try mentioned.contains(row), asked.int(2) == 0 || !partial.contains(row) else { continue }
                answered.append(row)
            }
            let forget = try EngineStatement(database, "DELETE FROM ru_want WHERE tbl = ? AND key = ?")
            for row in answered {
                forget.bind(1, Int64(row.table))
                forget.bind(2, row.key)
                try forget.run()
            }
        }
        try pending.released.walk { place, _ in
            guard try !mentioned.contains(place.row) else { return }
            wanted.insert(place.row)
            wantedAsHeld.remove(place.row)
        }
        guard !wanted.isEmpty else { return }
        let want = try EngineStatement(
            database,
            """
            INSERT INTO ru_want(tbl, key, suspect) VALUES(?, ?, ?)
            ON CONFLICT(tbl, key) DO UPDATE SET suspect = 0 WHERE suspect = \(LastLook.asHeld) AND excluded.suspect = 0
            """)
        for row in wanted.sorted() {
            want.bind(1, Int64(row.table))
            want.bind(2, row.key)
            want.bind(3, wantedAsHeld.contains(row) ? LastLook.asHeld : 0)
            try want.run()
        }
    }
}

extension RowState {
    /// The row with what a device still has to send added to its counters.
    fileprivate func adding(_ deltas: [UInt8: Int64], _ table: TableDescription) -> RowState {
        var row = self
        for (place, column) in table.columnIndexes(of: groups).enumerated() {
            guard let delta = deltas[table.columns[column].group], row.values.indices.contains(place),
                let sum = Counter.sum(row.values[place], delta)
            else { continue }
            row.values[place] = sum
        }
        return row
    }
}

/// What a delivery did to the replica.
struct ApplyReport: Hashable {
    /// Rows that were written or removed.
    var rows = 0
    /// Rows that left with their scope.
    var purged = 0
    var entered: [Identifier] = []
    var left: [Identifier] = []
    /// Edits that came back.
    var returned = 0
    /// Whether the file must be cleaned of what left.
    var owesPurge = false
}
