import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync

/// Row 19: what the hub does with what others send (opening, checking signatures, judging, placing, feeding), against
/// one INSERT ... SELECT of the same rows into the same tables, with the indexes that these have there.
extension Bench {
    func acceptRows() async throws -> [Finding] {
        var plain = Samples()
        var accepting = Samples()
        let notes = max(1_000, workload.rows / 10)
        for repetition in 0..<options.repetitions {
            FileHandle.standardError.write(Data("accept \(repetition + 1)/\(options.repetitions)\n".utf8))
            let folder = files.fresh("accept")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let world = try await LineBenchWorld(folder: folder)
            defer { world.end() }
            _ = try await world.sync(world.writer, via: world.url, factor: 1)
            try world.write(cases: notes / 10, notesEach: 9)
            let file = BundleSource(try world.writer.upFile(limit: 1 << 30).parcel.bytes())
            let (seconds, report) = try Meter.cpu { try world.hub.take(upFile: file) }
            let taken = report.edits - report.quarantined
            guard taken == notes else { throw BenchError("the hub took \(taken) of \(notes)") }
            accepting.add(seconds * 1000)
            plain.add(try world.plainCopySeconds(in: folder) * 1000)
        }
        let what = "accept \(notes) rows"
        return [
            Finding(row: 19, "\(what): INSERT ... SELECT", .milliseconds, plain),
            .speed(row: 19, "\(what): the hub's speed / plain", .milliseconds, accepting, against: plain),
        ]
    }
}

extension LineBenchWorld {
    fileprivate func write(cases: Int, notesEach: Int) throws {
        try type(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(cases))
            INSERT INTO case_file(ref, cohort) SELECT printf('ACC-%06d', i), 'PRISON_LEAVER' FROM n;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(notesEach))
            INSERT INTO case_note(case_id, body)
            SELECT id, 'Spoke to her key worker about the tenancy, call ' || i || ' of ' || ref FROM case_file, n
            """)
    }

    /// The processor time of inserting the hub's cases and notes into empty tables of the same shape, in one transaction.
    fileprivate func plainCopySeconds(in folder: String) throws -> Double {
        let path = folder + "/plain.sqlite"
        let source = try Connection(folder + "/hub/hub.sqlite")
        let shapes = try source.texts(
            """
            SELECT sql FROM sqlite_schema WHERE tbl_name IN ('case_file', 'case_note') AND type IN ('table', 'index')
              AND sql NOTNULL ORDER BY type DESC
            """)
        let target = try Connection(path)
        for shape in shapes { try target.execute(shape) }
        try target.execute("ATTACH '\(folder)/hub/hub.sqlite' AS hub")
        let copies = try ["case_file", "case_note"].map { table in
            // Not the columns that the table works out.
            let columns = try source.texts("SELECT name FROM pragma_table_info('\(table)')").joined(separator: ", ")
            return "INSERT INTO main.\(table)(\(columns)) SELECT \(columns) FROM hub.\(table);"
        }
        return try Meter.cpu { try target.execute("BEGIN; \(copies.joined(separator: " ")) COMMIT") }.seconds
    }
}
