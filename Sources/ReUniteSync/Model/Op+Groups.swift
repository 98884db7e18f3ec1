extension Op {
    /// Leaves out every group but these, with its values and with what was named of it.
    package mutating func keep(_ kept: UInt64, of table: TableDescription) {
        let columns = table.columnIndexes(of: groups)
        guard columns.count == values.count else { return }
        values = zip(columns, values).filter { kept & (1 << UInt64(table.columns[$0.0].group)) != 0 }.map(\.1)
        groups &= kept
        guard var named = context else { return }
        named.kept.removeAll { kept & (1 << UInt64($0.group)) == 0 }
        named.supersedes.removeAll { kept & (1 << UInt64($0.group)) == 0 }
        context = named.isEmpty ? nil : named
    }

    /// The values that it wrote into one group.
    package func values(of group: UInt8, _ table: TableDescription) -> [Value] {
        zip(table.columnIndexes(of: groups), values).filter { table.columns[$0.0].group == group }.map(\.1)
    }
}
