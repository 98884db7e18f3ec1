import GRDB
package import ReUniteSync

extension Replica {
    /// How often a sync compares values too, in milliseconds: seven days.
    static let checkAge: Int64 = 7 * 86_400_000

    // MARK: Alone

    /// Looks at the file by itself: its structure, the triggers, the sum of the clocks, rows that the change log does not
    /// know, and rows that are gone without a mark. What can be put right without the hub is.
    package func examine() throws -> VerifyFindings {
        var findings = VerifyFindings()
        findings.damage = try read("Verifying the replica") {
            try String.fetchAll($0, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
        }
        guard findings.damage.isEmpty else { return findings }
        let facts = try transaction("Verifying the replica") { database in
            var facts = try ReplicaFacts(database)
            // First, so that what is in the change log need not be looked for there.
            _ = try seal(database, &facts)
            findings.unlogged = try SchemaWatch.scanAll(database, schema, atMilliseconds: time.wallMilliseconds)
            _ = try seal(database, &facts)
            let rows = KnownRows(database, schema)
            let digest = try rows.digest()
            findings.digestWasWrong = digest != facts.digest
            if findings.digestWasWrong {
                try RepairLog.note(.digest, atMilliseconds: time.wallMilliseconds, database)
            }
            try RepairLog.noteExamined(database, atMilliseconds: time.wallMilliseconds)
            facts.digest = digest
            try facts.save(database)
            let pending = try rows.pending()
            try rows.each { row in
                findings.rows += 1
                if row.values == nil, row.table != nil, try !pending(row.name) { findings.missing.append(row.name) }
            }
            return facts
        }
        try witness(facts)
        return findings
    }

    // MARK: With the hub

    /// Whether it is time to compare values, which no digest covers: every week, and once more after another program changed
    /// the tables.
    package func isCheckDue() throws -> Bool {
        try read("Reading the replica") { database in
            let facts = try ReplicaFacts(database)
            return try facts.lastHubMilliseconds - facts.checkedMilliseconds >= Replica.checkAge
                || RepairLog.asksForCheck(database)
        }
    }

    /// Whether it is time to look at the file by itself, where no sync has for so long.
    package func isExaminationDue() throws -> Bool {
        let now = time.wallMilliseconds
        return try read("Reading the replica") { database in
            guard let last = try RepairLog.examined(database) else { return true }
            // A clock that was set back is no reason to wait.
            return abs(now - last) >= Replica.checkAge
        }
    }

    /// A comparison of rows, sealed to the hub.
    package func seal(
        check scopes: [Identifier], share: IdentifierShare = .whole, key: Identifier
    ) throws -> SealedRequest {
        let facts = try facts()
        return try seal(
            CheckRequest(epoch: facts.epoch, cursor: facts.cursor, key: key, scopes: scopes, share: share).encoded(),
            from: facts.cursor, purges: [])
    }

    /// How many scopes this replica knows of, about as many as the hub will tell of.
    package func scopeCount() throws -> Int {
        try transaction("Comparing with the hub") { try ScopeStore($0).all().count }
    }

    /// Opens the hub's answer to a comparison.
    package func open(check bytes: [UInt8], to request: SealedRequest) throws -> CheckAnswer {
        try open(bytes, to: request, CheckAnswer.init(decoding:))
    }

    /// The scopes whose sums are not the hub's. The digest that is kept becomes what the clocks come to.
    package func differing(from answer: CheckAnswer, key: Identifier) throws -> [Identifier] {
        try transaction("Comparing with the hub") { database in
            var facts = try ReplicaFacts(database)
            facts.digest = try KnownRows(database, schema).digest()
            try facts.save(database)
            let check = ValueCheck(key: key)
            let common = try commonColumns(facts)
            let scopes = ScopeStore(database)
            var ids: [Int64: Identifier] = [:]
            for scope in try scopes.all() { ids[scope.number] = scope.id }
            var sums: [Identifier: ScopeCheck] = [:]
            try KnownRows(database, schema).each { row in
                guard let scope = ids[row.scope] else { return }
                sums[scope, default: ScopeCheck(scope: scope)].add(
                    leaf: row.clock.leaf(table: row.name.table, key: row.name.key),
                    check: row.common(common).map { check.of(table: row.name.table, key: row.name.key, values: $0) }
                        ?? 0)
            }
            var differing = answer.sums.filter {
                ($0.versions.rows != 0 || sums[$0.scope] != nil) && sums[$0.scope] != $0
            }
            .map(\.scope)
            let known = Set(answer.sums.map(\.scope))
            differing += sums.keys.filter { !known.contains($0) }
            return differing.sorted()
        }
    }

    /// Compares some scopes row by row, and puts what differs on the list of rows to ask for. A row that drifted is on it as
    /// suspect: when the hub's row comes, what is here is kept as an edit before it is replaced. Not so a row of another
    /// version: what it shows may be what others have replaced since.
    ///
    /// - Parameters:
    ///   - share: of which rows the hub was asked.
    ///   - repairs: whether to ask also for rows that are gone from the tables without a mark. Whoever removed them past the
    ///     triggers may have meant it.
    package func compare(
        _ answer: CheckAnswer, scopes: [Identifier], share: IdentifierShare = .whole, key: Identifier, repairs: Bool
    ) throws -> VerifyFindings {
        try transaction("Comparing with the hub") { database in
            let facts = try ReplicaFacts(database)
            let findings = try RowComparison(
                database, schema, common: try commonColumns(facts), key: key, cursor: facts.cursor
            ).run(answer, scopes: scopes, share: share)
            let want = try EngineStatement(
                database,
                """
                INSERT INTO ru_want(tbl, key, suspect) VALUES(?, ?, ?)
                ON CONFLICT(tbl, key) DO UPDATE SET suspect = 1 WHERE excluded.suspect = 1
                """)
            for (rows, isSuspect) in [
                (findings.drifted, true), (findings.stale, false), (repairs ? findings.missing : [], false),
            ] {
                for row in rows {
                    want.bind(1, Int64(row.table))
                    want.bind(2, row.key)
                    want.bind(3, isSuspect ? 1 : 0)
                    try want.run()
                }
            }
            for (what, rows) in [
                (Repair.What.drifted, findings.drifted), (.stale, findings.stale),
                (.missing, repairs ? findings.missing : []),
            ] {
                for (table, rows) in Dictionary(grouping: rows, by: \.table).sorted(by: { $0.key < $1.key }) {
                    try RepairLog.note(
                        what, table: schema[table]?.name ?? "\(table)", rows: rows.count,
                        atMilliseconds: time.wallMilliseconds, database)
                }
            }
            return findings
        }
    }

    /// What can be compared with a hub whose schema may be another than this replica's.
    private func commonColumns(_ facts: ReplicaFacts) throws -> CommonColumns {
        try CommonColumns(SchemaHistory(network), version: schema.version, other: facts.hubSchema)
    }

    /// Records that values were compared just now.
    package func noteChecked() throws {
        try transaction("Comparing with the hub") { database in
            var facts = try ReplicaFacts(database)
            facts.checkedMilliseconds = facts.lastHubMilliseconds
            try facts.save(database)
            try RepairLog.noteCheck(database)
        }
    }

    /// How a row is told to a person: its table's name, and its id.
    package func describe(_ row: RowKey) -> (table: String, id: String) {
        (schema[row.table]?.name ?? "\(row.table)", row.key.description)
    }
}

extension Replica {
    /// Whether values are to be compared with the hub's before the week is over: another program changed the tables.
    package func isComparisonAskedFor() throws -> Bool {
        try read("Reading the replica") { try RepairLog.asksForCheck($0) }
    }

    /// What was put right in this file in the last seven days, oldest first.
    package func repairs() throws -> [Repair] {
        try read("Reading what was put right") {
            try RepairLog.recent($0, atMilliseconds: time.wallMilliseconds)
        }
    }
}
