/// Rows 1, 2, 3 and 5: what capture costs the application that writes.
extension Bench {
    static let updateForms = ["x1", "x10", "x1000", "whole row"]

    /// The processor time, in milliseconds, and the file sizes, in kilobytes, of each subject under bulk load and
    /// under each form of updates. Names in the ledger are "subject/W1", "subject/x10", "subject/size W1".
    func measureCapture(_ subjects: [CaptureSubject], updates wantsUpdates: Bool) throws -> Ledger {
        var ledger = Ledger()
        let bulk = workload.bulk()
        let updates = workload.updates()
        let streams = [updates.single, updates.ten, updates.thousand, updates.wholeRow]
        try repeated("capture") { _ in
            let bases = subjects.indices.map { files.fresh("base \($0)") }
            for (subject, base) in zip(subjects, bases) { try subject.make(at: base) }
            try measure(subjects, "W1", on: bases, bulk, into: &ledger)
            guard wantsUpdates else { return }
            for (form, stream) in zip(Self.updateForms, streams) {
                let paths = try bases.indices.map { try files.copy(of: bases[$0], as: "updated \($0)") }
                try measure(subjects, form, on: paths, stream, into: &ledger)
            }
        }
        return ledger
    }

    /// Drives every subject through the same stream in step, a few transactions each in turn: whatever else the
    /// machine does meanwhile, it does to all of them.
    private func measure(
        _ subjects: [CaptureSubject], _ part: String, on paths: [String], _ stream: OpStream, into ledger: inout Ledger
    ) throws {
        let connections = try paths.map { try Connection($0) }
        let recorders = try zip(subjects, connections).map { $0.records ? try SessionRecorder($1) : nil }
        let replays = try connections.map { try Replay(stream, on: $0) }
        var seconds = Array(repeating: 0.0, count: subjects.count)
        let turns = min(stream.transactions, 200)
        for turn in 0..<turns {
            let count = stream.transactions * (turn + 1) / turns - stream.transactions * turn / turns
            for place in subjects.indices {
                let index = (turn + place) % subjects.count
                seconds[index] += try Meter.cpu {
                    for _ in 0..<count { try replays[index].transaction() }
                }.seconds
            }
        }
        for (index, subject) in subjects.enumerated() {
            seconds[index] += try Meter.cpu { try connections[index].checkpoint() }.seconds
            ledger.add("\(subject.name)/\(part)", seconds[index] * 1000)
            ledger.add("\(subject.name)/size \(part)", Double(try files.size(of: paths[index])) / 1000)
            if let recorder = recorders[index] {
                let (more, _) = try Meter.cpu { try recorder.changeset() }
                ledger.add("\(subject.name) + changeset/\(part)", (seconds[index] + more) * 1000)
            }
        }
    }

    func captureRows() throws -> [Finding] {
        let subjects = [CaptureSubject.plain, .empty, .engine, .session]
        let wantsUpdates = [2, 3, 5].contains { options.wants($0) }
        let ledger = try measureCapture(subjects, updates: wantsUpdates)
        let names = ["empty trigger", "capture", "session", "session + changeset"]
        var findings: [Finding] = []
        func compare(_ row: Int, _ part: String, _ label: String, _ unit: Finding.Unit, _ target: Target) {
            guard options.wants(row), let plain = ledger["plain/\(part)"] else { return }
            findings.append(Finding(row: row, "\(label): plain", unit, plain))
            for name in names {
                guard let samples = ledger["\(name)/\(part)"], unit != .kilobytes || name == "capture" else { continue }
                findings.append(
                    Finding(
                        row: row, "\(label): \(name) / plain", unit, samples, over: plain,
                        target: name == "capture" ? target : nil))
            }
        }
        compare(1, "W1", "bulk insert", .milliseconds, .atMost(1.75, stretch: 1.65))
        compare(2, "x1", "update, 1 a transaction", .milliseconds, .atMost(1.60, stretch: 1.40))
        compare(2, "x10", "update, 10 a transaction", .milliseconds, .atMost(1.60, stretch: 1.40))
        compare(3, "x1000", "update, 1000 a transaction", .milliseconds, .atMost(1.80, stretch: 1.50))
        compare(3, "whole row", "update of whole rows, 10 a transaction", .milliseconds, .atMost(1.60, stretch: 1.45))
        compare(5, "size W1", "file after bulk insert, before fold", .kilobytes, .atMost(1.17, stretch: 1.10))
        compare(5, "size x10", "file after updates too, before fold", .kilobytes, .atMost(1.17, stretch: 1.10))
        if options.wants(5) { findings += try foldedSizes(ledger) }
        return findings
    }

    /// The file once the log is sealed and the hub has accepted everything: clocks are there, waiting edits are gone.
    private func foldedSizes(_ ledger: Ledger) throws -> [Finding] {
        let path = files.fresh("folded")
        try Engine.makeReplica(at: path)
        let target = Target.atMost(1.10, stretch: 1.06)
        return try [("bulk insert", "W1", workload.bulk()), ("updates too", "x10", workload.updates().ten)].flatMap {
            label, part, stream -> [Finding] in
            guard let plain = ledger["plain/size \(part)"] else { return [] }
            try Connection(path).replay(stream)
            try Engine.settle(path)
            let size = try FileUse(of: path)
            let what = "file after \(label), folded and accepted"
            return [
                Finding(
                    row: 5, "\(what): pages in use less outbox / plain", .kilobytes, size.withoutOutbox, over: plain,
                    target: target),
                Finding(row: 5, "\(what): pages in use / plain", .kilobytes, size.inUse, over: plain),
                Finding(row: 5, "\(what): file / plain", .kilobytes, size.file, over: plain),
            ]
        }
    }
}

/// What a replica's file is made of, in kilobytes.
private struct FileUse {
    let file: Samples
    /// Without the pages that SQLite keeps for later.
    let inUse: Samples
    /// Without the sealed batches either, which are the change log as it travelled: by the pages that they take, where
    /// SQLite can say (`dbstat`), else by their bytes.
    let withoutOutbox: Samples

    init(of path: String) throws {
        let connection = try Connection(path)
        try connection.checkpoint()
        let page = try connection.integer("PRAGMA page_size")
        let pages = try connection.integer("PRAGMA page_count")
        let free = try connection.integer("PRAGMA freelist_count")
        let countsPages = try connection.integer("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')") != 0
        let outbox = try connection.integer(
            countsPages
                ? """
                SELECT sum(pgsize) FROM dbstat
                WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name='ru_outbox')
                """
                : """
                SELECT coalesce(sum(length(header)+length(ops)+length(signature)+coalesce(length(receipt),0)),0)
                FROM ru_outbox
                """)
        file = FileUse.kilobytes(pages * page)
        inUse = FileUse.kilobytes((pages - free) * page)
        withoutOutbox = FileUse.kilobytes((pages - free) * page - outbox)
    }

    private static func kilobytes(_ bytes: Int64) -> Samples {
        Samples(values: [Double(bytes) / 1000])
    }
}
