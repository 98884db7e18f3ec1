/// Rows 11 to 13: bytes on the wire.
extension Bench {
    func wireRows() throws -> [Finding] {
        var findings: [Finding] = []
        let base = try filled("wire-base")
        let sizes: [(Int, Target, Target)] = [
            (50, .atMost(0.90, stretch: 0.72), .atMost(0.78, stretch: 0.62)),
            (178, .atMost(0.90, stretch: 0.72), .atMost(0.78, stretch: 0.62)),
            (2000, .atMost(0.87, stretch: 0.72), .atMost(0.70, stretch: 0.58)),
            (workload.rows, .atMost(0.80, stretch: 0.67), .atMost(0.60, stretch: 0.52)),
        ]
        for (size, changesetTarget, jsonTarget) in sizes {
            let delta = workload.delta(size)
            let packed = try Parcel(of: delta)
            let payload = Self.kilobytes(packed.payload)
            func add(_ row: Int, _ label: String, _ baseline: Samples, _ target: Target) {
                findings.append(Finding(row: row, "\(size) changes: \(label)", .kilobytes, baseline))
                let what = "\(size) changes: payload / \(label)"
                findings.append(Finding(row: row, what, .kilobytes, payload, over: baseline, target: target))
            }
            if options.wants(11) {
                let connection = try Connection(try files.copy(of: base, as: "wire"))
                let recorder = try SessionRecorder(connection)
                try connection.replay(OpStream(delta, perTransaction: nil))
                let changeset = try Deflate.zlib6(try recorder.changeset())
                let baseline = Self.kilobytes(changeset.count)
                add(11, "changeset + zlib6", baseline, changesetTarget)
                let what = "\(size) changes in \(packed.batches) batches: sealed bundles / changeset + zlib6"
                findings.append(Finding(row: 11, what, .kilobytes, Self.kilobytes(packed.sealed), over: baseline))
            }
            if options.wants(12) {
                let json = try Deflate.gzipSize(JSONRows.encode(delta))
                add(12, "JSON rows + gzip", Self.kilobytes(json), jsonTarget)
            }
            if options.wants(13) {
                // Up to 2,000 changes not above it, beyond that within 12 %.
                let target = size > 2000 ? Target.atMost(1.12, stretch: 1) : .atMost(1, stretch: 1)
                if let least = try Minimal.xzSize(Minimal.encode(DeltaRow.fold(delta)), in: files.directory) {
                    add(13, "xz -9e of the content without clocks", Self.kilobytes(least), target)
                } else {
                    findings.append(.notRun(row: 13, "\(size) changes: xz is not installed", target))
                }
            }
        }
        return findings
    }

    private static func kilobytes(_ bytes: Int) -> Samples {
        Samples(values: [Double(bytes) / 1000])
    }
}

extension Workload {
    private static let proseColumns: Set = ["body", "summary", "reason"]

    /// How far zlib shrinks each text column of some length, and all of them together.
    func calibration() throws -> String {
        var columns: [String: [UInt8]] = [:]
        for change in inserts {
            guard case .insert(let fields) = change.content else { continue }
            let table = BenchSchema.tables[change.table]
            for (column, field) in zip(table.columns, fields) {
                guard case .text(let text) = field, Self.proseColumns.contains(column.name) else { continue }
                columns["\(table.name).\(column.name)", default: []].append(contentsOf: text.utf8)
                columns["all", default: []].append(contentsOf: text.utf8)
            }
        }
        let lines = try columns.sorted { $0.key < $1.key }.map { name, bytes in
            let ratio = Double(bytes.count) / Double(try Deflate.zlib6(bytes).count)
            return "\(name): \(bytes.count) bytes, zlib -6 \(Format.ratio(ratio))"
        }
        let megabytes = Format.fixed(Double(contentBytes) / 1_000_000, 1)
        return (["\(rows) rows, \(cells) cells, \(megabytes) MB of content"] + lines).joined(separator: "\n")
    }
}
