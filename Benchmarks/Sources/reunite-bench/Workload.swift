/// Everything that is replayed, made once before any clock runs.
struct Workload {
    /// Bulk load; at full size 200,000 rows.
    let rows: Int
    let seed: UInt64
    let inserts: [Change]
    /// The generator as the bulk load left it: updates and deltas go on from here, each on its own.
    private let after: Generator

    static let fullSize = 200_000

    init(rows: Int, seed: UInt64) {
        var generator = Generator(seed: seed)
        inserts = (0..<rows).map { _ in generator.insert() }
        after = generator
        self.rows = rows
        self.seed = seed
    }

    /// Bytes of content, counted as ``Field/weight`` does.
    var contentBytes: Int {
        inserts.reduce(0) { sum, change in
            guard case .insert(let fields) = change.content else { return sum }
            return fields.reduce(sum + 16) { $0 + $1.weight }
        }
    }

    var cells: Int { inserts.reduce(0) { $0 + $1.cells } }

    /// Bulk load in transactions of 1,000 rows.
    func bulk() -> OpStream { OpStream(inserts, perTransaction: 1000) }

    /// Bulk load in one transaction.
    func firstSync() -> OpStream { OpStream(inserts, perTransaction: nil) }

    /// Half as many updates of one column as there are rows, in each of the four forms.
    func updates() -> Updates {
        var generator = after
        generator.reseed(seed &+ 77)
        var changes: [Change] = []
        var whole = OpStream()
        for index in 0..<rows / 2 {
            let (change, row) = generator.update()
            changes.append(change)
            if index % 10 == 0 { whole.begin() }
            whole.appendWholeRow(change, row: row)
            if index % 10 == 9 || index == rows / 2 - 1 { whole.commit() }
        }
        return Updates(
            single: OpStream(changes, perTransaction: 1), ten: OpStream(changes, perTransaction: 10),
            thousand: OpStream(changes, perTransaction: 1000), wholeRow: whole)
    }

    struct Updates {
        let single: OpStream
        let ten: OpStream
        let thousand: OpStream
        let wholeRow: OpStream
    }

    /// A delta of the daily mix: so many row changes on top of the bulk load.
    func delta(_ count: Int) -> [Change] {
        var generator = after
        generator.reseed(seed &* 1000 &+ UInt64(count))
        return (0..<count).map { _ in generator.dailyChange() }
    }

    /// A number of changes that belongs to the full size, in proportion to this size.
    func scaled(_ count: Int) -> Int {
        max(1, count * rows / Self.fullSize)
    }
}
