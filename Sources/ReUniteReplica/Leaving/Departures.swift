import ReUniteSync

/// What one delivery takes away from a replica.
struct Departures {
    /// A scope that left, or that lost classes.
    struct Closing {
        let number: Int64
        /// Where the grant had opened, as far as the replica knew.
        let epoch: Position
        /// The classes that left; all bits for the whole scope.
        let classes: UInt64
        var rows = 0
    }

    /// Rows that the hub had told of. They may have been hidden or deleted: the replica cannot know which.
    let rows: RowList
    /// How many these are.
    private(set) var rowCount = 0
    /// Rows made here that the hub has never shown back, and now says are not there.
    var undecided = Set<RowKey>()
    var scopes: [Identifier: Closing] = [:]
    /// How many of the rows went while their scope stayed, by its number: the hub may have hidden them.
    var single: [Int64: Int] = [:]

    var isEmpty: Bool { rows.isEmpty && undecided.isEmpty && scopes.isEmpty }

    /// - Parameter scratch: the folder for what is too long for memory.
    init(scratch: String) {
        rows = RowList(folder: scratch)
    }

    /// A row that the hub had told of went.
    mutating func take(_ row: RowKey) throws {
        if try !rows.contains(row) { rowCount += 1 }
        try rows.add(row)
    }

    mutating func close(_ scope: Identifier, _ entry: ScopeStore.Entry, classes: UInt64) {
        scopes[scope] = Closing(number: entry.number, epoch: entry.epoch, classes: classes)
    }

    /// Counts rows that went together, by their scope's number: to the closing of their scope, and where there is none
    /// to the rows that go one by one. A whole scope that comes without a row says no more of it than a tombstone.
    mutating func count(_ rows: [Int64: Int]) {
        let closings = Dictionary(
            scopes.map { ($0.value.number, $0.key) }, uniquingKeysWith: { first, _ in first })
        for (number, count) in rows {
            if let scope = closings[number] {
                scopes[scope]?.rows += count
            } else {
                single[number, default: 0] += count
            }
        }
    }

    /// Whether rows of this scope and class have left.
    func take(_ scope: Identifier, class number: UInt8) -> Bool {
        scopes[scope].map { $0.classes & (1 << UInt64(number)) != 0 } ?? false
    }
}
