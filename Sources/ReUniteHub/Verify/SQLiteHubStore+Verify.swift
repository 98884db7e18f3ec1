import GRDB
import ReUniteReplica
import ReUniteSync

extension SQLiteHubStore {
    package func verify() throws -> [HubFinding] {
        try read("Verifying the hub") { database in
            let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
            guard damage.isEmpty else { return damage.map { HubFinding(.damage, $0) } }
            return try HubVerification(database, schema: schema).run()
        }
    }
}

/// Recomputes the hub's sums from its rows' clocks, and compares its rows with the tables.
private struct HubVerification {
    private struct Place: Hashable {
        let scope: Int64
        let disclosureClass: Int64
    }

    private let database: Database
    private let schema: HubSchema

    init(_ database: Database, schema: HubSchema) {
        self.database = database
        self.schema = schema
    }

    func run() throws -> [HubFinding] {
        let (sums, shared, live) = try sums()
        return try scopes(sums) + subscriptions(sums, shared: shared) + rows(live)
    }

    /// By scope and class; of the shared tables' rows; and the live rows of each table.
    private func sums() throws -> ([Place: VersionDigest], VersionDigest, [UInt16: Set<Identifier>]) {
        var sums: [Place: VersionDigest] = [:]
        var shared = VersionDigest()
        var live: [UInt16: Set<Identifier>] = [:]
        let rows = try EngineStatement(database, "SELECT tbl, key, scope, class, h, ext FROM hub_row WHERE life = 1")
        while try rows.step() {
            let table = UInt16(truncatingIfNeeded: rows.int64(0))
            guard let key = rows.identifier(1) else { continue }
            let leaf = try RowClock(stamp: Position(rows.int64(4)), extension: rows.blob(5)).leaf(
                table: table, key: key)
            sums[Place(scope: rows.int64(2), disclosureClass: rows.int64(3)), default: VersionDigest()].add(leaf)
            if schema.tables[table]?.scopeKind == .shared { shared.add(leaf) }
            live[table, default: []].insert(key)
        }
        return (sums, shared, live)
    }

    private func scopes(_ sums: [Place: VersionDigest]) throws -> [HubFinding] {
        var kept: [Place: VersionDigest] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT scope, class, high, low, live FROM hub_digest") {
            kept[Place(scope: row["scope"], disclosureClass: row["class"])] = VersionDigest(stored: row)
        }
        return try Set(sums.keys).union(kept.keys)
            .filter { sums[$0] ?? VersionDigest() != kept[$0] ?? VersionDigest() }
            .sorted { ($0.scope, $0.disclosureClass) < ($1.scope, $1.disclosureClass) }
            .map { HubFinding(.scopeDigest, "class \($0.disclosureClass) of scope \(try name(ofScope: $0.scope))") }
    }

    private func subscriptions(_ sums: [Place: VersionDigest], shared: VersionDigest) throws -> [HubFinding] {
        var expected: [Int64: VersionDigest] = [FeedStore.shared: shared]
        let grants = try Row.fetchAll(
            database, sql: "SELECT sub, scope, read_mask FROM hub_grant WHERE closed IS NULL")
        for grant in grants {
            for disclosureClass in FeedStore.classes(of: UInt64(bitPattern: grant["read_mask"] as Int64)) {
                let place = Place(scope: grant["scope"], disclosureClass: disclosureClass)
                if let sum = sums[place] { expected[grant["sub"], default: VersionDigest()].add(sum) }
            }
        }
        return try Row.fetchAll(
            database,
            sql: """
                SELECT s.no, s.high, s.low, s.live, coalesce(p.code, 'everyone') AS partner, d.name AS device
                FROM hub_sub s LEFT JOIN hub_partner p ON p.id = s.partner LEFT JOIN hub_device d ON d.id = s.device
                ORDER BY s.no
                """
        ).filter { VersionDigest(stored: $0) != expected[$0["no"]] ?? VersionDigest() }
            .map { row in
                let device: String? = row["device"]
                return HubFinding(
                    .subscriptionDigest, "what \(row["partner"] as String)\(device.map { ", \($0)," } ?? "") follows")
            }
    }

    private func rows(_ live: [UInt16: Set<Identifier>]) throws -> [HubFinding] {
        var findings: [HubFinding] = []
        for table in schema.tables.tables {
            var expected = live[table.number] ?? []
            let keys = try EngineStatement(database, "SELECT id FROM \(quoted(table.name)) ORDER BY id")
            while try keys.step() {
                guard let key = keys.identifier(0) else { continue }
                if expected.remove(key) == nil {
                    findings.append(HubFinding(.row, "\(table.name) \(key) is in its table and is not a live row"))
                }
            }
            findings += expected.sorted().map {
                HubFinding(.row, "\(table.name) \($0) is a live row and not in its table")
            }
        }
        return findings
    }

    private func name(ofScope number: Int64) throws -> String {
        let row = try Row.fetchOne(database, sql: "SELECT id FROM hub_scope WHERE no = ?", arguments: [number])
        return row?.identifier("id").description ?? "number \(number)"
    }
}
