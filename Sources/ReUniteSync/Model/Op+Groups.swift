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

    /// The scope that it says its row is in: by the row's scope column, or by its key where the row is the root of its
    /// scope. Nil where it does not say, and for a table that is shared or not known.
    package func namedScope(in table: TableDescription?) -> Identifier? {
        guard let table, table.scopeKind != .shared else { return nil }
        guard let column = table.columns.firstIndex(where: { $0.name == table.scopeColumn }) else { return key }
        guard let place = table.columnIndexes(of: groups).firstIndex(of: column), values.indices.contains(place),
            case .blob(let bytes) = values[place]
        else { return nil }
        return Identifier(bytes: bytes)
    }

    /// The values that it wrote into one group.
    package func values(of group: UInt8, _ table: TableDescription) -> [Value] {
        zip(table.columnIndexes(of: groups), values).filter { table.columns[$0.0].group == group }.map(\.1)
    }
}
