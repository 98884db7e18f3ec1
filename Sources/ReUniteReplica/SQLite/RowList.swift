package import ReUniteSync

/// A list of rows, each under a group and with a number, in memory while it is short and in a scratch file when it
/// grows: a large delivery or journal names more rows than there is room for.
///
/// It is walked by group, then by row. What group and number are is for whoever keeps the list.
package final class RowList {
    package struct Place: Hashable, Comparable, Sendable {
        package let group: Int64
        package let row: RowKey

        package init(group: Int64 = 0, row: RowKey) {
            self.group = group
            self.row = row
        }

        package static func < (left: Place, right: Place) -> Bool {
            (left.group, left.row) < (right.group, right.row)
        }
    }

    /// So many rows stay in memory.
    package static let inMemory = 16_384

    private let folder: String
    private let limit: Int
    private var short: [Place: Int64] = [:]
    private var file: File?
    package private(set) var isEmpty = true

    /// - Parameter folder: beside which database the file would lie.
    package init(folder: String, limit: Int = RowList.inMemory) {
        self.folder = folder
        self.limit = limit
    }

    /// Puts a row in, or adds the bits of a number to those that it has.
    package func add(_ row: RowKey, group: Int64 = 0, bits: Int64 = 0) throws {
        let place = Place(group: group, row: row)
        isEmpty = false
        if let file { return try file.add(place, bits) }
        short[place, default: 0] |= bits
        guard short.count > limit else { return }
        let file = try File(folder)
        for (place, bits) in short.sorted(by: { $0.key < $1.key }) { try file.add(place, bits) }
        short = [:]
        self.file = file
    }

    /// The number of a row; nil when it is not in the list.
    package func bits(of row: RowKey, group: Int64 = 0) throws -> Int64? {
        let place = Place(group: group, row: row)
        guard let file else { return short[place] }
        return try file.bits(of: place)
    }

    package func contains(_ row: RowKey) throws -> Bool { try bits(of: row) != nil }

    /// Walks the list in order. It must not grow meanwhile.
    package func walk(_ body: (Place, Int64) throws -> Void) throws {
        guard let file else {
            for (place, bits) in short.sorted(by: { $0.key < $1.key }) { try body(place, bits) }
            return
        }
        try file.walk(body)
    }

    private final class File {
        private let database: ScratchDatabase
        private let insert: EngineStatement
        private let find: EngineStatement

        init(_ folder: String) throws {
            database = try ScratchDatabase(
                folder: folder,
                schema: """
                    CREATE TABLE list(grp INTEGER, key BLOB, tbl INTEGER, bits INTEGER, PRIMARY KEY(grp, tbl, key))
                    WITHOUT ROWID
                    """)
            insert = try database.statement(
                """
                INSERT INTO list(grp, key, tbl, bits) VALUES(?, ?, ?, ?)
                ON CONFLICT(grp, tbl, key) DO UPDATE SET bits = bits | excluded.bits
                """)
            find = try database.statement("SELECT bits FROM list WHERE grp = ? AND key = ? AND tbl = ?")
        }

        func add(_ place: Place, _ bits: Int64) throws {
            insert.bind(1, place.group)
            insert.bind(2, place.row.key)
            insert.bind(3, Int64(place.row.table))
            insert.bind(4, bits)
            try insert.run()
        }

        func bits(of place: Place) throws -> Int64? {
            find.bind(1, place.group)
            find.bind(2, place.row.key)
            find.bind(3, Int64(place.row.table))
            defer { find.reset() }
            return try find.step() ? find.int64(0) : nil
        }

        func walk(_ body: (Place, Int64) throws -> Void) throws {
            let all = try database.statement("SELECT grp, tbl, key, bits FROM list ORDER BY grp, tbl, key")
            while try all.step() {
                guard let key = all.identifier(2) else { continue }
                let row = RowKey(table: UInt16(truncatingIfNeeded: all.int64(1)), key: key)
                try body(Place(group: all.int64(0), row: row), all.int64(3))
            }
        }
    }
}
