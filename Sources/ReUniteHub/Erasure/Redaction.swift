import ReUniteReplica
import ReUniteSync

/// Takes values out of ops whose rows were erased. Kinds, keys, columns, times and the scope that an op names stay:
/// receipts, lineage and the chain refer to ops by their place, and late ops are known by the scope.
struct Redaction {
    let tables: SchemaDescription

    /// The ops without the values of those that are covered; nil when none is. Ops on a row that a covered op of the
    /// same list makes are covered too.
    ///
    /// - Parameter covered: is also told the places of the covered ops, in order.
    func apply(to ops: [Op], isCovered: (Op) throws -> Bool, covered: (Int, Op) throws -> Void = { _, _ in })
        rethrows -> [Op]?
    {
        var made = Set<RowKey>()
        var changed: [Op]?
        for (index, op) in ops.enumerated() {
            let row = op.row
            guard try made.contains(row) || isCovered(op) else { continue }
            made.insert(row)
            try covered(index, op)
            if changed == nil { changed = ops }
            changed?[index] = withheld(op)
        }
        return changed
    }

    private func withheld(_ original: Op) -> Op {
        var op = original
        let table = tables[op.table]
        let places = table?.columnIndexes(of: op.groups) ?? []
        for index in op.values.indices {
            let isScope =
                places.indices.contains(index) && table?.columns[places[index]].name == table?.scopeColumn
            if !isScope { op.values[index] = .null }
        }
        op.from = .null
        op.flags.insert(.withheld)
        return op
    }
}
