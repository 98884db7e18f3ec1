import GRDB
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

/// Ops go to the hub in the order of their tables: what a row refers to comes before it, and bookings of the same units
/// keep the order in which they were typed.
@Suite("Tables are put in an order that serves whatever refers to whatever")
struct TableOrderTests {
    private func table(_ number: UInt16, refers: [UInt16], beside: [UInt16] = []) -> TableDescription {
        TableDescription(
            number: number, name: "t\(number)", scopeKind: .partner, scopeColumn: nil, disclosureClass: 0,
            writer: .granted, isAppendOnly: false, columns: [], groups: [],
            references: refers.map { TableDescription.Reference(column: nil, table: $0) },
            allocation: beside.isEmpty
                ? nil
                : Allocation(
                    group: 0, unit: "u", from: "f", to: "t", status: "s", statuses: [],
                    others: beside.map { "t\($0)" }))
    }

    private func ranks(_ tables: [TableDescription]) -> [UInt16: Int] {
        OpBuilder.ranks(of: SchemaDescription(version: 1, tables: tables))
    }

    /// Whether the first leads to the second, or is it.
    private func leads(_ from: UInt16, to: UInt16, _ tables: [UInt16: TableDescription]) -> Bool {
        from == to || (tables[from]?.references ?? []).contains { $0.table != from && leads($0.table, to: to, tables) }
    }

    @Test("parents come before children and bookings of the same units together", arguments: 0..<60 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: 8_900 + seed)
        let count = UInt16.random(in: 2...9, using: &random)
        let order = (1...count).shuffled(using: &random)
        var refers: [UInt16: [UInt16]] = [:]
        for (place, number) in order.enumerated() {
            refers[number] = order[..<place].filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            if Int.random(in: 0..<5, using: &random) == 0 { refers[number, default: []].append(number) }
        }
        let pair = Array(order.shuffled(using: &random).prefix(2))
        let tables = (1...count).map { number in
            table(
                number, refers: refers[number] ?? [], beside: pair.contains(number) ? pair.filter { $0 != number } : [])
        }
        let byNumber = Dictionary(uniqueKeysWithValues: tables.map { ($0.number, $0) })
        let ranks = ranks(tables)
        for table in tables {
            for parent in table.references where parent.table != table.number {
                #expect(try #require(ranks[table.number]) > #require(ranks[parent.table]), "seed \(seed)")
            }
        }
        let isOneBehindTheOther = leads(pair[0], to: pair[1], byNumber) || leads(pair[1], to: pair[0], byNumber)
        #expect((ranks[pair[0]] == ranks[pair[1]]) == !isOneBehindTheOther, "seed \(seed)")
    }

    @Test("bookings that refer to each other do not cost others their order")
    func others() throws {
        // 2 refers to 1, with which it shares units; 3 and 5 share others, and 5 hangs on 4.
        let ranks = ranks([
            table(1, refers: [], beside: [2]), table(2, refers: [1], beside: [1]), table(3, refers: [], beside: [5]),
            table(4, refers: []), table(5, refers: [4], beside: [3]),
        ])
        #expect(try #require(ranks[2]) > #require(ranks[1]))
        #expect(ranks[3] == ranks[5])
        #expect(try #require(ranks[5]) > #require(ranks[4]))
    }

    @Test("a schema whose tables refer to each other in a circle is refused, and the circle is named")
    func circle() throws {
        func described(_ shelfRefersTo: String) throws -> SchemaDescription {
            let database = try DatabaseQueue()
            return try database.write { database in
                try EngineTables.replica.install(in: database)
                try SchemaInstaller.migrate(
                    database,
                    to: NetworkSchema(
                        migrations: TinyNetwork.network.migrations + [
                            .init(
                                name: "circle",
                                sql: """
                                    ALTER TABLE shelf ADD COLUMN best BLOB REFERENCES \(shelfRefersTo)(id)
                                      DEFERRABLE INITIALLY DEFERRED;
                                    INSERT INTO ru_column(tbl, name, grp, policy) VALUES ('shelf', 'best', 1, 'lww');
                                    """)
                        ]), atMilliseconds: 0)
                return try ManifestReader.read(database)
            }
        }
        // To itself it may refer.
        #expect(try described("shelf").tables.count == 4)
        #expect { try described("loan") } throws: {
            ($0 as? Failure)?.code == .configuration && "\($0)".contains("shelf")
        }
    }
}
