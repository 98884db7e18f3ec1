import ReUniteSync

/// What a delta does to one row, all of its changes folded into one: what travels, and what plain SQL has to write.
struct DeltaRow {
    var table: Int
    var key: Key
    /// When it was last changed: milliseconds since 1970.
    var milliseconds: Int64
    var isNew: Bool
    /// The columns that were written, in ascending order.
    var cells: [(column: Int, field: Field)]

    init(_ change: Change) {
        table = change.table
        key = change.key
        milliseconds = change.milliseconds
        switch change.content {
        case .insert(let fields):
            isNew = true
            cells = fields.enumerated().map { ($0, $1) }
        case .update(let column, let field):
            isNew = false
            cells = [(column, field)]
        }
    }

    private mutating func add(_ change: Change) {
        milliseconds = change.milliseconds
        guard case .update(let column, let field) = change.content else { return }
        if let index = cells.firstIndex(where: { $0.column >= column }) {
            if cells[index].column == column {
                cells[index].field = field
            } else {
                cells.insert((column, field), at: index)
            }
        } else {
            cells.append((column, field))
        }
    }

    /// The rows of a list of changes, in the order in which they were first touched.
    static func fold(_ changes: [Change]) -> [DeltaRow] {
        var rows: [DeltaRow] = []
        var places: [Key: Int] = [:]
        for change in changes {
            if let place = places[change.key] {
                rows[place].add(change)
            } else {
                places[change.key] = rows.count
                rows.append(DeltaRow(change))
            }
        }
        return rows
    }

    /// The case that a new row belongs to; nil for a case.
    var scope: Identifier? {
        guard table != BenchSchema.cases, case .key(let key)? = cells.first?.field else { return nil }
        return key.identifier
    }

    /// One bit for each column, which is a group of its own.
    var groups: UInt64 { cells.reduce(0) { $0 | 1 << UInt64($1.column) } }

    var values: [Value] { cells.map(\.field.value) }

    func state(table number: UInt16, _ standing: BenchHub.Standing, clock: RowClock) -> RowState {
        RowState(
            table: number, key: key.identifier, scope: standing.scope, clock: clock, groups: groups, echoed: 0,
            values: values)
    }

    /// The row as the change log ships it.
    var op: Op {
        Op(
            table: UInt16(BenchSchema.tables[table].number), key: key.identifier, kind: isNew ? .create : .set,
            groups: groups, stamp: HybridTime(milliseconds: milliseconds), values: values)
    }
}

extension Key {
    var identifier: Identifier { Identifier(high: high, low: low) }
}

extension Field {
    var value: Value {
        switch self {
        case .null: .null
        case .integer(let number): .integer(number)
        case .text(let text): .text(text)
        case .key(let key): .blob(key.identifier.bytes)
        }
    }
}

extension OpStream {
    /// Every row written once by plain SQL in one transaction: an upsert where it is new, else one UPDATE.
    init(plain rows: [DeltaRow]) {
        self.init()
        begin()
        for row in rows {
            let table = BenchSchema.tables[row.table]
            let fields = row.cells.map(\.field)
            if row.isNew {
                run(Self.upsert(table), [.key(row.key)] + fields)
            } else {
                let sets = row.cells.map { "\(table.columns[$0.column].name)=?" }.joined(separator: ",")
                run("UPDATE \(table.name) SET \(sets) WHERE id=?", fields + [.key(row.key)])
            }
        }
        commit()
    }
}
