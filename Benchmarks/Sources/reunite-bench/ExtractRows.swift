import CSQLite
import ReUniteReplica
import ReUniteSync

/// Row 6: what sealing the change log costs, against reading the rows that it is about.
extension Bench {
    /// A delta of so many row changes at full size; the larger ones in proportion to the bulk load.
    func delta(_ size: Int) -> [Change] {
        workload.delta(size > 1000 ? workload.scaled(size) : size)
    }

    func extractRows() throws -> [Finding] {
        let base = try settledReplica("extract-base")
        return try options.deltas.flatMap { size -> [Finding] in
            let delta = delta(size)
            let rows = DeltaRow.fold(delta)
            let stream = OpStream(delta, perTransaction: 10)
            var read = Samples()
            var extract = Samples()
            var kept = Samples()
            var whole = Samples()
            try repeated("extract \(delta.count)") { _ in
                let path = try files.copy(of: base, as: "extract")
                try write(stream, to: path)
                // A connection of its own, as the engine has: with the writer's warm cache the reading would be cheaper.
                let connection = try Connection(path)
                read.add(try Meter.cpu { try connection.read(rows) }.seconds * 1000)
                let replica = try Engine.open(path)
                // Ten times as long as the rest where there are few changes: taken off afterwards it would drown it.
                let encoding = Stopwatch()
                let keeping = Stopwatch()
                let start = Meter.cpuSeconds()
                let edits = try replica.seal { ops, schema in
                    try encoding.time { try Seal.encode(ops, schema) }
                } keep: { work in
                    try keeping.time(work)
                }
                let end = Meter.cpuSeconds()
                guard edits == rows.count else { throw BenchError("\(edits) edits sealed of \(rows.count)") }
                whole.add((end - start) * 1000)
                kept.add((end - start - encoding.seconds) * 1000)
                // What follows the last batch empties the journal and commits.
                extract.add((keeping.last - start - encoding.seconds - keeping.seconds) * 1000)
            }
            let what = "seal \(rows.count) rows"
            return [
                Finding(row: 6, "\(what): read the same rows", .milliseconds, read),
                Finding(
                    row: 6, "\(what): fold, ops / read", .milliseconds, extract, over: read,
                    target: .atMost(2.0, stretch: 1.5)),
                Finding(row: 6, "\(what): and outbox, commit, witness / read", .milliseconds, kept, over: read),
                Finding(row: 6, "\(what): all, with columns and zlib / read", .milliseconds, whole, over: read),
            ]
        }
    }

    private func write(_ stream: OpStream, to path: String) throws {
        let connection = try Connection(path)
        try connection.replay(stream)
        try connection.checkpoint()
    }

    /// A replica that holds the bulk load, all of it from the hub.
    func settledReplica(_ name: String) throws -> String {
        let path = files.fresh(name)
        let replica = try Engine.makeReplica(at: path)
        let delivery = try hub.firstDelivery(of: workload.inserts)
        try Engine.apply(try delivery.encoded(layout: replica.schema), to: replica)
        try Connection(path).checkpoint()
        return path
    }
}

extension Connection {
    /// Reads every column of every row by its key, and returns the bytes touched.
    fileprivate func read(_ rows: [DeltaRow]) throws -> Int {
        let statements = try BenchSchema.tables.map { try prepare("SELECT * FROM \($0.name) WHERE id=?") }
        var bytes = 0
        var key: [UInt8] = []
        for row in rows {
            let statement = statements[row.table].handle
            key.removeAll(keepingCapacity: true)
            row.key.append(to: &key)
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
}
