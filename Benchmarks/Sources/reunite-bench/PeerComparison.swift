import ReUniteReplica
import ReUniteSync

/// Rows 8, 14 and half of row 9: against other engines, where their libraries are named.
extension Bench {
    /// The targets are about these, whatever was asked for in rows 6 and 7.
    private static let deltaSizes = [178, 3634, 36_544]
    private static let applyTargets = [
        Target.atLeast(3, stretch: 4), .atLeast(6, stretch: 8), .atLeast(9, stretch: 12),
    ]

    func peerRows() throws -> [Finding] {
        try PeerEngine.all().flatMap { peer -> [Finding] in
            guard let engine = peer.engine else { return missing(peer.name, "no library is named by \(peer.variable)") }
            return try findings(of: engine)
        }
    }

    private func missing(_ name: String, _ why: String) -> [Finding] {
        let rows: [(Int, String, Target)] = [
            (8, "apply against \(name)", Self.applyTargets[0]),
            (9, "first sync against \(name)", .atLeast(15, stretch: 20)),
            (14, "payload / what \(name) sends", wireTarget(name)),
        ]
        return rows.filter { options.wants($0.0) }.map { .notRun(row: $0.0, "\($0.1): \(why)", $0.2) }
    }

    private func wireTarget(_ name: String) -> Target {
        name == "CloudSync" ? .atMost(0.50, stretch: 0.40) : .atMost(0.70, stretch: 0.60)
    }

    private func findings(of engine: PeerEngine) throws -> [Finding] {
        var findings: [Finding] = []
        let empty = files.fresh("peer-empty")
        try engine.makeTables(at: empty)
        // The bulk load at one replica of the peer, and what it sends of it at another.
        let sender = try files.copy(of: empty, as: "peer-sender")
        let receiver = try files.copy(of: empty, as: "peer-receiver")
        var connection = try engine.open(sender)
        try connection.replay(workload.bulk())
        let version = try engine.version(connection)
        let everything = try engine.extract(connection, after: 0)
        try engine.close(connection)
        var (theirs, ours) = (Samples(), Samples())
        let first = try hub.firstDelivery(of: workload.inserts).encoded(layout: BenchLayout())
        try repeated("first sync, \(engine.name)") { repetition in
            guard repetition == 0 || options.wants(9) else { return }
            _ = try files.copy(of: empty, as: "peer-receiver")
            connection = try engine.open(receiver)
            theirs.add(try Meter.cpu { try engine.apply(everything, to: connection) }.seconds * 1000)
            try engine.close(connection)
            let replica = try Engine.makeReplica(at: files.fresh("peer-ours"))
            ours.add(try Meter.cpu { try Engine.apply(first, to: replica) }.seconds * 1000)
        }
        if options.wants(9) {
            findings += against(
                engine, 9, "first sync of \(workload.inserts.count) rows, with decoding", ours, theirs,
                .atLeast(15, stretch: 20))
        }
        let settled = try settledReplica("peer-settled")
        for (size, target) in zip(Self.deltaSizes, Self.applyTargets) {
            let changes = delta(size)
            let rows = DeltaRow.fold(changes)
            connection = try engine.open(try files.copy(of: sender, as: "peer-changed"))
            try connection.replay(OpStream(changes, perTransaction: nil))
            let sent = try engine.extract(connection, after: version)
            if options.wants(8) {
                findings += try applied(sent, of: engine, rows, settled: settled, from: connection, target)
            }
            if options.wants(14) {
                let bytes = sent.encoded()
                let size = sent.width > 1 ? try Deflate.zlib6(bytes).count : bytes.count
                let own = try Parcel(of: changes).payload
                let label = sent.width > 1 ? "\(engine.name)'s rows as CBOR + zlib6" : "\(engine.name)'s payload"
                findings.append(
                    Finding(
                        row: 14, "\(rows.count) rows: payload / \(label)", .kilobytes,
                        Samples(values: [Double(own) / 1000]), over: Samples(values: [Double(size) / 1000]),
                        target: wireTarget(engine.name)))
            }
            try engine.close(connection)
        }
        return findings
    }

    /// How long a delta takes the peer and the engine.
    private func applied(
        _ sent: PeerRows, of engine: PeerEngine, _ rows: [DeltaRow], settled: String, from sender: Connection,
        _ target: Target
    ) throws -> [Finding] {
        let receiver = files.directory + "/peer-receiver"
        let delivery = try hub.delivery(of: rows).encoded(layout: BenchLayout())
        var (theirs, ours) = (Samples(), Samples())
        try repeated("apply \(rows.count), \(engine.name)") { repetition in
            let path = try files.copy(of: receiver, as: "peer-applied")
            let connection = try engine.open(path)
            theirs.add(try Meter.cpu { try engine.apply(sent, to: connection) }.seconds * 1000)
            if repetition == 0 { try Self.compare(sender, with: connection) }
            try engine.close(connection)
            let replica = try Engine.open(try files.copy(of: settled, as: "peer-own"))
            ours.add(try Meter.cpu { try Engine.apply(delivery, to: replica) }.seconds * 1000)
        }
        return against(engine, 8, "apply \(rows.count) rows, with decoding", ours, theirs, target)
    }

    private func against(
        _ engine: PeerEngine, _ row: Int, _ what: String, _ ours: Samples, _ theirs: Samples, _ target: Target
    ) -> [Finding] {
        [
            Finding(row: row, "\(what): \(engine.name)", .milliseconds, theirs),
            .speed(
                row: row, "\(what): speed against \(engine.name)", .milliseconds, ours, against: theirs, target: target),
        ]
    }

    /// Both databases of the peer hold the same, or this was no comparison.
    private static func compare(_ one: Connection, with other: Connection) throws {
        for table in BenchSchema.tables {
            let columns = (["id"] + table.columns.map(\.name)).map { "quote(\($0))" }.joined(separator: " || ',' || ")
            let sql = "SELECT \(columns) FROM \(table.name) ORDER BY id"
            guard try one.texts(sql) == other.texts(sql) else {
                throw BenchError("\(table.name) differs after applying")
            }
        }
    }
}
