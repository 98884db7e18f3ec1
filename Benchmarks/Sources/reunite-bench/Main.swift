import CSQLite
import Foundation

@main
enum Main {
    static func main() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.contains("--help") || arguments.contains("-h") {
                print(Options.usage)
                return
            }
            try await run(try Options(arguments))
        } catch {
            FileHandle.standardError.write(Data("reunite-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ options: Options) async throws {
        if options.printsSQL {
            print(BenchSchema.sql() + BenchSchema.manifestRows() + JournalSQL().sql())
            return
        }
        let workload = Workload(rows: options.rows, seed: options.seed)
        if options.calibrate {
            print(try workload.calibration())
            return
        }
        if let folder = options.payloads {
            for line in try PayloadFiles.write(workload, into: folder) { print(line) }
            return
        }
        let files = try ScratchFiles(in: options.directory)
        defer { files.remove() }
        if options.line {
            let rows = LineRows(factor: Double(options.speed), seed: options.seed, folder: files.directory)
            print(try await rows.report())
            return
        }
        let bench = Bench(options: options, workload: workload, files: files)
        let findings = options.variations ? try bench.variationRows() : try await targets(bench)
        let library = String(cString: sqlite3_libversion())
        let title =
            "\(workload.rows) rows, \(options.repetitions) repetitions, seed \(options.seed), SQLite \(library); "
            + "processor time, medians, ratios of medians"
        let report = Report(title: title, findings: findings)
        switch options.output {
        case .text: print(report.text())
        case .markdown: print(report.markdown())
        case .json: print(report.json())
        }
    }

    private static func targets(_ bench: Bench) async throws -> [Finding] {
        let parts: [([Int], () async throws -> [Finding])] = [
            ([1, 2, 3, 5], bench.captureRows), ([6], bench.extractRows), ([7], bench.applyRows),
            ([9], bench.firstSyncRows), ([10], bench.idleRows), ([11, 12, 13], bench.wireRows),
            ([8, 9, 14], bench.peerRows), ([15], bench.roundRows), ([19], bench.acceptRows),
        ]
        var findings: [Finding] = []
        for (rows, measure) in parts where rows.contains(where: bench.options.wants) {
            findings += try await measure()
        }
        return findings
    }
}
