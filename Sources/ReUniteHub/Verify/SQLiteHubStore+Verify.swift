import GRDB
import ReUniteReplica
import ReUniteSync

extension SQLiteHubStore {
    package func verify() throws -> [HubFinding] {
        try read("Verifying the hub") { database in
            let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
            guard damage.isEmpty else { return damage.map { HubFinding(.damage, $0) } }
            var values = try SignedValueCheck(database, schema: schema)
            return try HubVerification(database, schema: schema).run()
                + SiblingCheck(database, schema: schema).run().map { HubFinding(.conflict, $0) } + values.run()
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
        let (sums, shared) = try sums()
        return try scopes(sums) + subscriptions(sums, shared: shared) + rows()
    }

    /// By scope and class, and of the shared tables' rows.
    private func sums() throws -> ([Place: VersionDigest], VersionDigest) {
        var sums: [Place: VersionDigest] = [:]
        var shared = VersionDigest()
        let rows = try EngineStatement(database, "SELECT tbl, key, scope, class, h, ext FROM hub_row WHERE life = 1")
        while try rows.step() {
            let table = UInt16(truncatingIfNeeded: rows.int64(0))
            guard let key = rows.identifier(1) else { continue }
            let leaf = try RowClock(stamp: Position(rows.int64(4)), extension: rows.blob(5)).leaf(
                table: table, key: key)
            sums[Place(scope: rows.int64(2), disclosureClass: rows.int64(3)), default: VersionDigest()].add(leaf)
            if schema.tables[table]?.scopeKind == .shared { shared.add(leaf) }
        }
        return (sums, shared)
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

    /// Each table beside the list of its live rows, both in order, so that neither need be in memory.
    private func rows() throws -> [HubFinding] {
        var findings: [HubFinding] = []
        for table in schema.tables.tables {
            let keys = try EngineStatement(database, "SELECT id FROM \(quoted(table.name)) ORDER BY id")
            let live = try EngineStatement(
                database, "SELECT key FROM hub_row WHERE tbl = ? AND life = 1 ORDER BY key")
            live.bind(1, Int64(table.number))
            var gone: [Identifier] = []
            var expected = try next(live)
            while let key = try next(keys) {
                while let row = expected, row < key {
                    gone.append(row)
                    expected = try next(live)
                }
                if expected == key {
                    expected = try next(live)
                } else {
                    findings.append(HubFinding(.row, "\(table.name) \(key) is in its table and is not a live row"))
                }
            }
            while let row = expected {
                gone.append(row)
                expected = try next(live)
            }
            findings += gone.map { HubFinding(.row, "\(table.name) \($0) is a live row and not in its table") }
        }
        return findings
    }

    private func next(_ keys: EngineStatement) throws -> Identifier? {
        while try keys.step() {
            if let key = keys.identifier(0) { return key }
        }
        return nil
    }

    private func name(ofScope number: Int64) throws -> String {
        let row = try Row.fetchOne(database, sql: "SELECT id FROM hub_scope WHERE no = ?", arguments: [number])
        return row?.identifier("id").description ?? "number \(number)"
    }
}
