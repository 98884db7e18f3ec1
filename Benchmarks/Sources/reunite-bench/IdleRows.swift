import CSQLite
import ReUniteReplica

/// Row 10: finding out that there is nothing to send.
extension Bench {
    /// The question on a small and on a hundred times larger replica, and the engine's whole answer to it.
    func idleRows() throws -> [Finding] {
        let sizes = [max(workload.rows / 20, 100), max(workload.rows * 5, 10_000)]
        let times = 20_000
        var samples = [Samples(), Samples()]
        var whole = [Samples(), Samples()]
        let paths = try sizes.map { size in
            let path = files.fresh("idle-\(size)")
            try Engine.makeReplica(at: path)
            let connection = try Connection(path)
            try connection.fillWithNotes(size)
            return path
        }
        let connections = try paths.map { try Connection($0) }
        let statements = try connections.map { try $0.prepare("SELECT 1 FROM ru_journal LIMIT 1") }
        let replicas = try paths.map { try Engine.open($0) }
        try repeated("idle") { _ in
            for index in sizes.indices {
                let (seconds, _) = Meter.cpu {
                    for _ in 0..<times {
                        sqlite3_step(statements[index].handle)
                        sqlite3_reset(statements[index].handle)
                    }
                }
                samples[index].add(seconds / Double(times) * 1_000_000)
                let (all, _) = try Meter.cpu { for _ in 0..<times / 20 { try replicas[index].seal() } }
                whole[index].add(all / Double(times / 20) * 1_000_000)
            }
        }
        return [
            Finding(
                row: 10, "nothing changed, \(sizes[0]) rows: the question", .microseconds, samples[0],
                target: .atMost(25, stretch: 5)),
            Finding(
                row: 10, "nothing changed: the question, \(sizes[1]) / \(sizes[0]) rows", .microseconds, samples[1],
                over: samples[0], target: .atMost(1.3, stretch: 1.1)),
            Finding(row: 10, "nothing changed, \(sizes[0]) rows: the engine's seal", .microseconds, whole[0]),
            Finding(
                row: 10, "nothing changed: the engine's seal, \(sizes[1]) / \(sizes[0]) rows", .microseconds, whole[1],
                over: whole[0]),
        ]
    }
}

extension Connection {
    /// Short notes of no case in particular, made by SQLite itself, and nothing in the journal.
    fileprivate func fillWithNotes(_ count: Int) throws {
        try execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<\(count))
            INSERT INTO case_notes SELECT randomblob(16),NULL,'a worker',i,'phone','short note' FROM n;
            DELETE FROM ru_journal
            """)
        try checkpoint()
    }
}
