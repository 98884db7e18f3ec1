import GRDB
import ReUniteReplica
import ReUniteSync

/// What was written of one row, out of the row's own chain: the values that stand, those that later ones covered, and the
/// decisions that were taken back. No batch is read, and nothing of any other row.
struct RowPast {
    private let access: PastAccess
    private let database: Database
    private let cells: HubCellStore
    /// A page ends where its values come to about this many bytes.
    static let bytesPerPage = 256 << 10

    init(_ access: PastAccess, _ database: Database) throws {
        self.access = access
        self.database = database
        cells = try HubCellStore(database)
    }

    /// What one edit wrote into one cell, and what became of it.
    private struct Trace {
        let group: UInt8
        let values: [Value]
        var end: HistoryAnswer.End
        /// The position of what took its place.
        var until: Position?
        /// It merged by itself, and lost.
        var isPassedOver = false
    }

    /// - Parameter before: only what was decided before this position; zero for the newest.
    func page(before: Position) throws -> PastPage {
        var traces = try standing()
        if before > .zero { traces = traces.filter { $0.key < before } }
        // Below this some cell may have more than was read.
        var floor = Position.zero
        for group in access.table.groups where access.groups & (1 << UInt64(group.number)) != 0 {
            let found = try covered(group.number, before: before)
            for (position, trace) in found { traces[position, default: []].append(trace) }
            if found.count > HistoryAnswer.entryLimit { floor = max(floor, found.last?.0 ?? .zero) }
        }
        let undone = try undoings(before: before)
        if undone.count > HistoryAnswer.entryLimit { floor = max(floor, undone.keys.min() ?? .zero) }
        let deletions = try deletions(before: before)
        if deletions.count > HistoryAnswer.entryLimit { floor = max(floor, deletions.min() ?? .zero) }
        let waiting = try quarantined()
        var page = PastPage(entries: [], before: floor)
        var bytes = 0
        for position in Set(traces.keys).union(undone.keys).union(deletions).sorted(by: >) where position >= floor {
            guard
                let entry = try entry(
                    at: position, traces[position] ?? [], undoing: undone[position],
                    isDeletion: deletions.contains(position) && undone[position] == nil, waiting)
            else { continue }
            let size = RowPast.size(of: entry)
            guard page.entries.count < HistoryAnswer.entryLimit,
                page.entries.isEmpty || bytes + size <= RowPast.bytesPerPage
            else {
                page.before = page.entries.last?.position ?? .zero
                break
            }
            bytes += size
            page.entries.append(entry)
        }
        return page
    }

    // MARK: What there is

    /// What stands now, by position.
    private func standing() throws -> [Position: [Trace]] {
        let (row, table) = (access.row, access.table)
        let shown = try RowReader(database, table).read(row.key) ?? []
        let asked = try groupsInConflict()
        var traces: [Position: [Trace]] = [:]
        for group in table.groups where access.groups & (1 << UInt64(group.number)) != 0 {
            let names = row.clock.siblings.filter { $0.group == group.number }
            guard let first = names.first else {
                let values = table.columnIndexes(of: 1 << UInt64(group.number)).map {
                    shown.indices.contains($0) ? shown[$0] : .null
                }
                traces[row.clock.position(of: group.number), default: []].append(
                    Trace(group: group.number, values: values, end: .stands))
                continue
            }
            for sibling in try cells.siblings(row.table, row.key, group: group.number) {
                guard let position = sibling.position else { continue }
                let (isShown, isAsked) = (sibling.name == first.op, asked.contains(Int64(group.number)))
                traces[position, default: []].append(
                    Trace(
                        group: group.number, values: sibling.values,
                        end: isShown ? .stands : isAsked ? .beside : .overtaken, isPassedOver: !isShown && !isAsked))
            }
        }
        return traces
    }

    /// The groups of which somebody is asked to decide. Most values that stand beside another merged by themselves.
    private func groupsInConflict() throws -> Set<Int64> {
        try Int64.fetchSet(
            database, sql: "SELECT grp FROM hub_conflict WHERE tbl = ? AND key = ? AND closed IS NULL",
            arguments: [Int64(access.table.number), access.row.key.sqlBlob])
    }

    /// The newest values of a cell that were covered, one more than a page has.
    private func covered(_ group: UInt8, before: Position) throws -> [(Position, Trace)] {
        let find = try EngineStatement(
            database,
            """
            SELECT h, until, val FROM hub_history WHERE tbl = ? AND key = ? AND grp = ? AND h < ?
            ORDER BY h DESC LIMIT ?
            """)
        find.bind(1, Int64(access.table.number))
        find.bind(2, access.row.key)
        find.bind(3, Int64(group))
        find.bind(4, before > .zero ? before.rawValue : Int64.max)
        find.bind(5, HistoryAnswer.entryLimit + 1)
        var found: [(Position, Trace)] = []
        while try find.step() {
            found.append(
                (
                    Position(find.int64(0)),
                    Trace(
                        group: group, values: try ValueList.decode(find.blob(2)), end: .overtaken,
                        until: Position(find.int64(1)))
                ))
        }
        return found
    }

    /// Where the row was deleted, before it came back: everything that it said ended there, and nothing of it began there.
    private func deletions(before: Position) throws -> Set<Position> {
        guard let group = access.table.groups.first?.number else { return [] }
        let find = try EngineStatement(
            database,
            """
            SELECT DISTINCT x.until FROM hub_history x
            WHERE x.tbl = ?1 AND x.key = ?2 AND x.grp = ?3 AND x.until < ?4 AND x.until <> ?5
              AND NOT EXISTS (SELECT 1 FROM hub_history y
                WHERE y.tbl = x.tbl AND y.key = x.key AND y.grp = x.grp AND y.h = x.until)
              AND NOT EXISTS (SELECT 1 FROM hub_sibling z
                WHERE z.tbl = x.tbl AND z.key = x.key AND z.grp = x.grp AND z.h = x.until)
            ORDER BY x.until DESC LIMIT ?6
            """)
        find.bind(1, Int64(access.table.number))
        find.bind(2, access.row.key)
        find.bind(3, Int64(group))
        find.bind(4, before > .zero ? before.rawValue : Int64.max)
        find.bind(5, access.row.clock.position(of: group).rawValue)
        find.bind(6, HistoryAnswer.entryLimit + 1)
        var found = Set<Position>()
        while try find.step() { found.insert(Position(find.int64(0))) }
        return found
    }

    private struct Undoing {
        let group: UInt8
        let reason: String
    }

    /// Decisions about this row that were taken back: such a step covers nothing, and so is in no cell.
    private func undoings(before: Position) throws -> [Position: Undoing] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT d.position, d.reason, c.grp FROM hub_conflict c JOIN hub_decision d ON d.conflict = c.id
                WHERE c.tbl = ? AND c.key = ? AND d.kind = 'reopen' AND d.position < ?
                ORDER BY d.position DESC LIMIT ?
                """,
            arguments: [
                Int64(access.table.number), access.row.key.sqlBlob, before > .zero ? before.rawValue : Int64.max,
                HistoryAnswer.entryLimit + 1,
            ])
        var found: [Position: Undoing] = [:]
        for row in rows {
            let group = UInt8(truncatingIfNeeded: row["grp"] as Int64)
            guard access.groups & (1 << UInt64(group)) != 0 else { continue }
            found[Position(row["position"])] = Undoing(group: group, reason: row["reason"])
        }
        return found
    }

    private struct Place: Hashable {
        let batch: Int64
        let index: Int64
    }

    /// The groups of edits that wait in quarantine: also of edits that counted once.
    private func quarantined() throws -> [Place: UInt64] {
        var waiting: [Place: UInt64] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT batch, idx, groups FROM hub_quarantine WHERE tbl = ? AND key = ? AND state = 0",
            arguments: [Int64(access.table.number), access.row.key.sqlBlob])
        {
            waiting[Place(batch: row["batch"], index: row["idx"]), default: 0] |= UInt64(bitPattern: row["groups"])
        }
        return waiting
    }

    // MARK: One entry

    private func entry(
        at position: Position, _ traces: [Trace], undoing: Undoing?, isDeletion: Bool, _ waiting: [Place: UInt64]
    ) throws -> HistoryAnswer.Entry? {
        guard
            let op = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT o.batch, o.idx, o.stamp, o.flags, b.first_position, b.received_ms, b.header,
                          b.device, d.name, d.partner, p.code,
                          EXISTS(SELECT 1 FROM hub_parallel x WHERE x.position = o.h) AS parallel,
                          (SELECT y.reason FROM hub_decision y WHERE y.position = o.h AND y.kind = 'resolve') AS reason
                        FROM hub_op o JOIN hub_batch b ON b.no = o.batch
                        LEFT JOIN hub_device d ON d.id = b.device LEFT JOIN hub_partner p ON p.id = d.partner
                        WHERE o.h = ?
                        """), arguments: [position.rawValue])
        else { return nil }
        let hidden = waiting[Place(batch: op["batch"], index: op["idx"])] ?? 0
        let shown = traces.filter { hidden & (1 << UInt64($0.group)) == 0 }
        guard !shown.isEmpty || undoing != nil || isDeletion else { return nil }
        let first = Position((op["first_position"] as Int64) + (op["idx"] as Int64))
        let author: Identifier? = (op["partner"] as DatabaseValue).isNull ? nil : op.identifier("partner")
        let mayTell = access.mayTell(editAt: min(first, position), by: author)
        let isOwn = author == access.device.partner
        let decision: String? = op["reason"]
        var flags: HistoryAnswer.Flags = []
        if op.identifier("device") == access.device.id { flags.insert(.mine) }
        if first != position { flags.insert(.later) }
        if Op.Flags(rawValue: UInt8(truncatingIfNeeded: op["flags"] as Int64)).contains(.clockSuspect) {
            flags.insert(.clockSuspect)
        }
        if op["parallel"] { flags.insert(.parallel) }
        if shown.contains(where: \.isPassedOver) { flags.insert(.passedOver) }
        let cells = try shown.sorted { $0.group < $1.group }.map { trace in
            HistoryAnswer.Cell(
                group: trace.group, end: try end(of: trace),
                values: (mayTell || trace.end == .stands) ? RowPast.short(trace.values) : nil)
        }
        return HistoryAnswer.Entry(
            position: position,
            kind: undoing != nil ? .undoing : decision != nil ? .decision : author == nil ? .hub : .edit,
            flags: flags, partner: op["code"] ?? "", device: isOwn ? op["name"] : "",
            author: isOwn ? try BatchHeader(decoding: op.bytes("header")).author : .zero,
            writtenMilliseconds: HybridTime(rawValue: UInt64(bitPattern: op["stamp"] as Int64)).milliseconds,
            receivedMilliseconds: op["received_ms"],
            reason: mayTell ? RowPast.short(undoing?.reason ?? decision ?? "") : "",
            cells: undoing.map { [HistoryAnswer.Cell(group: $0.group, end: .none, values: nil)] } ?? cells)
    }

    private func end(of trace: Trace) throws -> HistoryAnswer.End {
        guard let until = trace.until else { return trace.end }
        let isDecided = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM hub_decision WHERE position = ? AND kind = 'resolve'"),
            arguments: [until.rawValue])
        return isDecided == nil ? .overtaken : .decided
    }

    // MARK: Lengths

    /// A text for a message; a longer one is cut.
    private static func short(_ text: String) -> String {
        var text = text
        while text.utf8.count > HistoryAnswer.reasonLimit { text.removeLast(max(1, text.count / 8)) }
        return text
    }

    /// Values for a message; nil where one cell alone would take more than a page.
    private static func short(_ values: [Value]) -> [Value]? { size(of: values) > bytesPerPage ? nil : values }

    private static func size(of values: [Value]) -> Int {
        values.reduce(0) { sum, value in
            switch value {
            case .text(let text): sum + text.utf8.count + 4
            case .blob(let bytes): sum + bytes.count + 4
            case .null, .integer, .real: sum + 9
            }
        }
    }

    private static func size(of entry: HistoryAnswer.Entry) -> Int {
        entry.cells.reduce(entry.reason.utf8.count + 256) { $0 + 4 + size(of: $1.values ?? []) }
    }
}
