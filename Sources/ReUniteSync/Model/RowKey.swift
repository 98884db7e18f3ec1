/// One row of one table.
package struct RowKey: Hashable, Comparable, Sendable {
    package let table: UInt16
    package let key: Identifier

    package init(table: UInt16, key: Identifier) {
        self.table = table
        self.key = key
    }

    package static func < (left: RowKey, right: RowKey) -> Bool {
        (left.table, left.key) < (right.table, right.key)
    }
}

extension Op {
    package var row: RowKey { RowKey(table: table, key: key) }
}
