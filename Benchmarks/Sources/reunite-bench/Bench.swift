import Foundation

/// One run: what to measure, and where.
struct Bench {
    let options: Options
    let workload: Workload
    let files: ScratchFiles
    /// A hub that holds the bulk load.
    let hub: BenchHub

    init(options: Options, workload: Workload, files: ScratchFiles) {
        self.options = options
        self.workload = workload
        self.files = files
        hub = BenchHub(holding: workload.inserts)
    }

    /// A database with the workload's tables and nothing of the engine, filled by the bulk load.
    func filled(_ name: String) throws -> String {
        let path = files.fresh(name)
        let connection = try Connection(path)
        try connection.execute(BenchSchema.sql())
        try connection.replay(workload.bulk())
        try connection.checkpoint()
        return path
    }

    /// Calls the body for each repetition, and says on standard error how far it is.
    func repeated(_ what: String, _ body: (Int) throws -> Void) rethrows {
        for repetition in 0..<options.repetitions {
            FileHandle.standardError.write(Data("\(what) \(repetition + 1)/\(options.repetitions)\n".utf8))
            try body(repetition)
        }
    }
}
