/// SQL to be replayed, packed into one buffer so that nothing but SQLite's work is left to time.
struct OpStream {
    /// What a byte in the buffer announces.
    enum Code {
        static let begin: UInt8 = 1
        static let commit: UInt8 = 2
        static let run: UInt8 = 3
        static let null: UInt8 = 10
        static let integer: UInt8 = 11
        static let text: UInt8 = 12
        static let blob: UInt8 = 13
    }

    private(set) var statements: [String] = []
    private var numbers: [String: UInt16] = [:]
    private(set) var bytes: [UInt8] = []
    private(set) var operations = 0
    private(set) var transactions = 0

    mutating func begin() {
        bytes.append(Code.begin)
    }

    mutating func commit() {
        bytes.append(Code.commit)
        transactions += 1
    }

    /// One run of a statement; there may be 65,535 different ones, with 255 parameters each.
    mutating func run(_ sql: String, _ parameters: [Field]) {
        let number = numbers[sql] ?? UInt16(statements.count)
        if Int(number) == statements.count {
            numbers[sql] = number
            statements.append(sql)
        }
        bytes.append(Code.run)
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(parameters.count))
        for parameter in parameters { append(parameter) }
        operations += 1
    }

    private mutating func append(_ field: Field) {
        switch field {
        case .null:
            bytes.append(Code.null)
        case .integer(let number):
            bytes.append(Code.integer)
            withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
        case .text(let text):
            bytes.append(Code.text)
            withUnsafeBytes(of: UInt32(text.utf8.count)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text.utf8)
        case .key(let key):
            bytes.append(Code.blob)
            withUnsafeBytes(of: UInt32(16)) { bytes.append(contentsOf: $0) }
            key.append(to: &bytes)
        }
    }
}

extension OpStream {
    /// The changes as an application writes them, so many to a transaction (all in one where that is nil).
    init(_ changes: some Collection<Change>, perTransaction size: Int?) {
        self.init()
        var inTransaction = 0
        for change in changes {
            if inTransaction == 0 { begin() }
            append(change)
            inTransaction += 1
            if inTransaction == size {
                commit()
                inTransaction = 0
            }
        }
        if inTransaction > 0 { commit() }
    }

    mutating func append(_ change: Change) {
        let table = BenchSchema.tables[change.table]
        switch change.content {
        case .insert(let fields):
            run(Self.insert(table), [.key(change.key)] + fields)
        case .update(let column, let value):
            run("UPDATE \(table.name) SET \(table.columns[column].name)=?1 WHERE id=?2", [value, .key(change.key)])
        }
    }

    /// The same update as an object mapper writes it: every column is set, one differs.
    mutating func appendWholeRow(_ change: Change, row: [Field]) {
        let table = BenchSchema.tables[change.table]
        let columns = table.columns.map { "\($0.name)=?" }.joined(separator: ",")
        run("UPDATE \(table.name) SET \(columns) WHERE id=?", row + [.key(change.key)])
    }

    private static func insert(_ table: BenchSchema.Table) -> String {
        let names = table.columns.map(\.name).joined(separator: ",")
        let marks = repeatElement("?", count: table.columns.count + 1).joined(separator: ",")
        return "INSERT INTO \(table.name)(id,\(names)) VALUES(\(marks))"
    }

    static func upsert(_ table: BenchSchema.Table) -> String {
        let sets = table.columns.map { "\($0.name)=excluded.\($0.name)" }.joined(separator: ",")
        return insert(table) + " ON CONFLICT(id) DO UPDATE SET \(sets)"
    }
}
