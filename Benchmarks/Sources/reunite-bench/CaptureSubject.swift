/// One way to instrument the workload's tables, or none.
struct CaptureSubject: Sendable {
    var name: String
    var key: BenchSchema.KeyDeclaration
    /// Whether the session extension records.
    var records: Bool
    /// Runs after the tables are made.
    var setUp: @Sendable (Connection) throws -> Void

    init(
        _ name: String, key: BenchSchema.KeyDeclaration = .standard, records: Bool = false,
        setUp: @escaping @Sendable (Connection) throws -> Void = { _ in }
    ) {
        self.name = name
        self.key = key
        self.records = records
        self.setUp = setUp
    }

    init(_ name: String, _ journal: JournalSQL, key: BenchSchema.KeyDeclaration = .standard) {
        let sql = journal.sql()
        self.init(name, key: key) { try $0.execute(sql) }
    }

    static let plain = CaptureSubject("plain")
    static let empty = CaptureSubject("empty trigger") { try $0.execute(JournalSQL.emptyTriggers()) }
    static let engine = CaptureSubject("capture") { try Engine.installCapture(on: $0) }
    static let session = CaptureSubject("session", records: true)
}
