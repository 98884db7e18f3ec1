import Foundation

/// One run: what to measure, and where.
struct Bench {
    let options: Options
    let workload: Workload
    let files: ScratchFiles

    /// A database with the workload's tables, filled by the bulk load, and whatever the set-up adds before that.
    func filled(_ name: String, _ setUp: (Connection) throws -> Void = { _ in }) throws -> String {
        let path = files.fresh(name)
        let connection = try Connection(path)
        try connection.execute(BenchSchema.sql())
        try setUp(connection)
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

    /// The engine's answer, or nil where it is not linked.
    func engine<Result>(_ body: () throws -> Result) throws -> Result? {
        do { return try body() } catch is Engine.NotLinked { return nil }
    }
}
