import CSQLite

/// Rows 6, 7, 9 and 10: what the engine's own work costs.
extension Bench {
    /// Row changes of the deltas at full size: about 1 k, 20 k and 200 k cells.
    static let deltaSizes = [178, 3634, 36_544]

    func extractRows() throws -> [Finding] {
        var findings: [Finding] = []
        let base = try filled("extract-base") { try Engine.installCapture(on: $0) }
        let isSettled = try engine { try Engine.settle(base) } != nil
        for size in Self.deltaSizes {
            let delta = workload.delta(size > 1000 ? workload.scaled(size) : size)
            let stream = OpStream(delta, perTransaction: 10)
            var read = Samples()
            var sealed = Samples()
            try repeated("extract \(delta.count)") { _ in
                let path = try files.copy(of: base, as: "extract")
                let connection = try Connection(path)
                try connection.replay(stream)
                let (seconds, _) = try Meter.cpu { try connection.read(delta) }
                read.add(seconds * 1000)
                guard isSettled else { return }
                let seal = try Engine.sealing(path)
                sealed.add(try Meter.cpu(seal).seconds * 1000)
            }
            let what = "extract \(delta.count) changes"
            let target = Target.atMost(2.0, stretch: 1.5)
            findings.append(Finding(row: 6, "\(what): read the same rows", .milliseconds, read))
            findings.append(
                isSettled
                    ? Finding(row: 6, "\(what): seal / read", .milliseconds, sealed, over: read, target: target)
                    : .notRun(row: 6, "\(what): seal / read", target: target))
        }
        return findings
    }

    func applyRows() throws -> [Finding] {
        var findings: [Finding] = []
        let base = try filled("apply-base")
        let replica = try filled("apply-replica") { try Engine.installCapture(on: $0) }
        let isSettled = try engine { try Engine.settle(replica) } != nil
        for size in Self.deltaSizes {
            let delta = workload.delta(size > 1000 ? workload.scaled(size) : size)
            let stream = OpStream(delta, perTransaction: nil, upserting: true)
            var plain = Samples()
            var applied = Samples()
            try repeated("apply \(delta.count)") { _ in
                let connection = try Connection(try files.copy(of: base, as: "apply"))
                plain.add(try Meter.cpu { try connection.replay(stream) }.seconds * 1000)
                guard isSettled else { return }
                let apply = try Engine.applying(delta, to: try files.copy(of: replica, as: "applied"))
                applied.add(try Meter.cpu(apply).seconds * 1000)
            }
            let what = "apply \(delta.count) changes"
            let target = size > 1000 ? Target.atLeast(0.65, stretch: 0.80) : .atLeast(0.50, stretch: 0.60)
            findings.append(Finding(row: 7, "\(what): plain upsert", .milliseconds, plain))
            findings.append(
                isSettled
                    ? .speed(
                        row: 7, "\(what): speed / plain upsert", .milliseconds, applied, against: plain, target: target)
                    : .notRun(row: 7, "\(what): speed / plain upsert", target: target))
        }
        return findings
    }

    func firstSyncRows() throws -> [Finding] {
        let stream = workload.firstSync()
        var plain = Samples()
        var applied = Samples()
        try repeated("first sync") { _ in
            let connection = try Connection(files.fresh("first"))
            try connection.execute(BenchSchema.sql())
            plain.add(try Meter.cpu { try connection.replay(stream) }.seconds * 1000)
            let path = files.fresh("first-replica")
            let replica = try Connection(path)
            try replica.execute(BenchSchema.sql())
            try Engine.installCapture(on: replica)
            guard try engine({ try Engine.settle(path) }) != nil else { return }
            let apply = try Engine.applying(workload.inserts, to: path)
            applied.add(try Meter.cpu(apply).seconds * 1000)
        }
        let what = "first sync of \(workload.rows) rows"
        let target = Target.atLeast(0.60, stretch: 0.75)
        let label = "\(what): speed / plain"
        return [
            Finding(row: 9, "\(what): plain, one transaction", .milliseconds, plain),
            applied.values.isEmpty
                ? .notRun(row: 9, label, target: target)
                : .speed(row: 9, label, .milliseconds, applied, against: plain, target: target),
        ]
    }

    /// The idle test on a small and on a hundred times larger database.
    func idleRows() throws -> [Finding] {
        let sizes = [max(workload.rows / 20, 100), max(workload.rows * 5, 10_000)]
        let times = 20_000
        var samples = [Samples(), Samples()]
        let connections = try sizes.map { size in
            let connection = try Connection(files.fresh("idle-\(size)"))
            try connection.execute(BenchSchema.sql())
            try connection.fillWithNotes(size)
            try Engine.installCapture(on: connection)
            return connection
        }
        let statements = try connections.map { try Engine.idling($0) }
        repeated("idle") { _ in
            for (index, statement) in statements.enumerated() {
                let (seconds, _) = Meter.cpu {
                    for _ in 0..<times {
                        sqlite3_step(statement.handle)
                        sqlite3_reset(statement.handle)
                    }
                }
                samples[index].add(seconds / Double(times) * 1_000_000)
            }
        }
        return [
            Finding(row: 10, "nothing changed, \(sizes[0]) rows", .microseconds, samples[0]),
            Finding(
                row: 10, "nothing changed, \(sizes[1]) / \(sizes[0]) rows", .microseconds, samples[1],
                over: samples[0], target: .atMost(1.3, stretch: 1.1)),
        ]
    }
}

extension Connection {
    /// Reads every column of every changed row by its key, and returns the bytes touched.
    fileprivate func read(_ changes: [Change]) throws -> Int {
        let statements = try BenchSchema.tables.map { try prepare("SELECT * FROM \($0.name) WHERE id=?") }
        var bytes = 0
        var key: [UInt8] = []
        for change in changes {
            let statement = statements[change.table].handle
            key.removeAll(keepingCapacity: true)
            change.key.append(to: &key)
            key.withUnsafeBytes { _ = reunite_bind_blob_copied(statement, 1, $0.baseAddress, 16) }
            while sqlite3_step(statement) == SQLITE_ROW {
                for column in 0..<sqlite3_column_count(statement) {
                    switch sqlite3_column_type(statement, column) {
                    case SQLITE_INTEGER: bytes += Int(sqlite3_column_int64(statement, column) & 1)
                    case SQLITE_NULL: break
                    default:
                        _ = sqlite3_column_blob(statement, column)
                        bytes += Int(sqlite3_column_bytes(statement, column))
                    }
                }
            }
            sqlite3_reset(statement)
        }
        return bytes
    }

    /// Short notes of no case in particular, made by SQLite itself.
    fileprivate func fillWithNotes(_ count: Int) throws {
        try execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<\(count))
            INSERT INTO case_notes SELECT randomblob(16),NULL,'a worker',i,'phone','short note' FROM n
            """)
        try checkpoint()
    }
}
