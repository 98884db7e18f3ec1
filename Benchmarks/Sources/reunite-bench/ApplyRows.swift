import ReUniteReplica
import ReUniteSync

/// Rows 7 and 9: what a delivery costs, against plain SQL that writes the same rows in one transaction.
extension Bench {
    func applyRows() throws -> [Finding] {
        let base = try filled("apply-base")
        let settled = try settledReplica("apply-replica")
        return try options.deltas.flatMap { size -> [Finding] in
            let rows = DeltaRow.fold(delta(size))
            let stream = OpStream(plain: rows)
            let delivery = try hub.delivery(of: rows).encoded(layout: BenchLayout())
            let sizeTarget = size > 1000 ? Target.atLeast(0.65, stretch: 0.80) : .atLeast(0.50, stretch: 0.60)
            let waiting = size == 36_544 ? OpStream(workload.delta(178), perTransaction: 10) : nil
            var comparison = Comparison()
            try repeated("apply \(rows.count)") { repetition in
                let light = try files.copy(of: base, as: "light")
                try comparison.light(stream, on: light)
                let plain = try files.copy(of: base, as: "plain")
                try comparison.plain(stream, on: plain)
                let path = try files.copy(of: settled, as: "applied")
                try comparison.deliver(delivery, to: path)
                if repetition == 0 { try Self.compare(path, with: plain) }
                guard let waiting else { return }
                let edited = try files.copy(of: settled, as: "edited")
                try Connection(edited).replay(waiting)
                try Engine.open(edited).seal()
                try comparison.deliverUnderEdits(delivery, to: edited)
            }
            return comparison.findings(
                7, "apply \(rows.count) rows", plain: "plain upserts", target: sizeTarget)
        }
    }

    func firstSyncRows() throws -> [Finding] {
        let rows = workload.inserts.map { DeltaRow($0) }
        let stream = workload.firstSync()
        let delivery = try hub.firstDelivery(of: workload.inserts).encoded(layout: BenchLayout())
        var comparison = Comparison()
        try repeated("first sync") { repetition in
            let light = files.fresh("first-light")
            try Connection(light).execute(BenchSchema.sql())
            try comparison.light(stream, on: light)
            let plain = files.fresh("first")
            try Connection(plain).execute(BenchSchema.sql())
            try comparison.plain(stream, on: plain)
            let path = files.fresh("first-replica")
            try Engine.makeReplica(at: path)
            try comparison.deliver(delivery, to: path)
            if repetition == 0 { try Self.compare(path, with: plain) }
        }
        return comparison.findings(
            9, "first sync of \(rows.count) rows, \(hub.scopes.count) cases", plain: "plain inserts",
            target: .atLeast(0.60, stretch: 0.75))
    }

    /// The six tables of both files hold the same, or this was no comparison.
    private static func compare(_ path: String, with plain: String) throws {
        let connection = try Connection(path)
        try connection.execute("ATTACH '\(plain)' AS plain")
        for table in BenchSchema.tables {
            let differing = try connection.integer(
                """
                SELECT (SELECT count(*) FROM main.\(table.name)) <> (SELECT count(*) FROM plain.\(table.name)) OR EXISTS(
                  SELECT * FROM main.\(table.name) EXCEPT SELECT * FROM plain.\(table.name))
                """)
            guard differing == 0 else { throw BenchError("\(table.name) differs after applying") }
        }
    }
}

/// One delivery against plain SQL, over the repetitions.
private struct Comparison {
    private var plain = Samples()
    private var light = Samples()
    private var applied = Samples()
    /// Of these, what merges and writes: the transaction without the hub's signature and proof, the seal's look, facts and
    /// compaction.
    private var merged = Samples()
    private var withDecoding = Samples()
    private var underEdits = Samples()

    /// The same rows by plain SQL on a connection that promises what the replica's does.
    mutating func plain(_ stream: OpStream, on path: String) throws {
        plain.add(try replay(stream, on: Connection(path, .replica)))
    }

    /// The same by one that promises less.
    mutating func light(_ stream: OpStream, on path: String) throws {
        light.add(try replay(stream, on: Connection(path)))
    }

    private func replay(_ stream: OpStream, on connection: Connection) throws -> Double {
        let milliseconds = try Meter.cpu { try connection.replay(stream) }.seconds * 1000
        try connection.checkpoint()
        return milliseconds
    }

    mutating func deliver(_ bytes: [UInt8], to path: String) throws {
        let (applying, merging, decoding) = try deliver(bytes, to: path)
        applied.add(applying * 1000)
        merged.add(merging * 1000)
        withDecoding.add((decoding + applying) * 1000)
    }

    mutating func deliverUnderEdits(_ bytes: [UInt8], to path: String) throws {
        underEdits.add(try deliver(bytes, to: path).applying * 1000)
    }

    /// The engine decodes before it takes the lock, and the two are measured one after the other: what is small beside its
    /// decoding would drown in a difference. Memory that decoding took is given back as part of it: plain SQL's rows lie in
    /// one buffer, and are not unpacked either. Both sides begin with a connection that was just opened.
    private func deliver(
        _ bytes: [UInt8], to path: String
    ) throws -> (applying: Double, merging: Double, decoding: Double) {
        let (decoding, decoded) = try Meter.cpu { Decoded(try Delivery(decoding: bytes)) }
        let replica = try Engine.open(path)
        var merging = 0.0
        var last = Meter.cpuSeconds()
        let applying = try Meter.cpu {
            guard let delivery = decoded.delivery else { throw BenchError("there is nothing to apply") }
            try Engine.apply(delivery, to: replica) { step in
                let now = Meter.cpuSeconds()
                if step != .checked, step != .settled { merging += now - last }
                last = now
            }
        }.seconds
        return (applying, merging, decoding + Meter.cpu { decoded.delivery = nil }.seconds)
    }

    func findings(_ row: Int, _ what: String, plain label: String, target: Target) -> [Finding] {
        var all = [
            Finding(row: row, "\(what): \(label)", .milliseconds, plain),
            .speed(
                row: row, "\(what): speed, decoded / plain", .milliseconds, applied, against: plain, target: target),
            .speed(
                row: row, "\(what): speed, merge and write / plain", .milliseconds, merged, against: plain,
                target: target),
            .speed(row: row, "\(what): speed, with decoding / plain", .milliseconds, withDecoding, against: plain),
            Finding(row: row, "\(what): \(label), without overwriting and waiting", .milliseconds, light),
            .speed(
                row: row, "\(what): speed, decoded / plain without overwriting and waiting", .milliseconds, applied,
                against: light),
        ]
        if !underEdits.values.isEmpty {
            all.append(
                .speed(
                    row: row, "\(what): speed, decoded, under waiting edits / plain", .milliseconds, underEdits,
                    against: plain))
        }
        return all
    }
}

/// A delivery that stays until it is let go.
private final class Decoded {
    var delivery: Delivery?

    init(_ delivery: Delivery) {
        self.delivery = delivery
    }
}
