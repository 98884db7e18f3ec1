/// One way to instrument the workload's tables, or none.
struct CaptureSubject: Sendable {
    var name: String
    var key: BenchSchema.KeyDeclaration
    /// Whether the session extension records.
    var records: Bool
    /// Whether it is a real replica of the engine.
    var isReplica: Bool
    /// Runs after the tables are made.
    var setUp: @Sendable (Connection) throws -> Void

    init(
        _ name: String, key: BenchSchema.KeyDeclaration = .standard, records: Bool = false,
        isReplica: Bool = false,
        setUp: @escaping @Sendable (Connection) throws -> Void = { _ in }
    ) {
        self.name = name
        self.key = key
        self.records = records
        self.isReplica = isReplica
        self.setUp = setUp
    }

    init(_ name: String, _ journal: JournalSQL, key: BenchSchema.KeyDeclaration = .standard) {
        let sql = journal.sql()
        self.init(name, key: key) { try $0.execute(sql) }
    }

    static let plain = CaptureSubject("plain")
    static let empty = CaptureSubject("empty trigger") { try $0.execute(JournalSQL.emptyTriggers()) }
    static let engine = CaptureSubject("capture", isReplica: true)
    /// Makes the database that this is about, without rows.
    func make(at path: String) throws {
        if isReplica {
            try Engine.makeReplica(at: path)
            try setUp(try Connection(path))
            return
        }
        let connection = try Connection(path)
        try connection.execute(BenchSchema.sql(key: key))
        try setUp(connection)
    }

    static let session = CaptureSubject("session", records: true)
}
