package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The network's own tables, for what an operator's commands know about the programme and the engine does not.
extension Hub {
    /// Reads the network's tables from one consistent look: as of now, where the network's rules ask for the time.
    package func read<Result>(_ what: String, _ body: (Database) throws -> Result) throws -> Result {
        guard let store = store as? SQLiteHubStore else {
            throw Failure(
                .unavailable, what: what, why: "this hub keeps its rows outside SQLite",
                remedy: "Use a hub folder with hub.sqlite")
        }
        store.database.tellRules { _ in time.wallMilliseconds }
        return try store.read(what, body)
    }

    /// Writes rows as the hub itself: what the body inserts into an empty database becomes ops of the hub's own chain,
    /// signed, judged and delivered like anyone's.
    ///
    /// - Parameters:
    ///   - action: what the operator does with them, for the audit log: a code, and why.
    ///   - body: is given the present time, in milliseconds since 1970.
    package func insert(
        _ what: String, noting action: HubAction? = nil, _ body: (Database, Int64) throws -> Void
    ) throws {
        guard try submit(try ops(body), noting: action).allSatisfy({ $0.exceptions.isEmpty }) else {
            throw Failure(
                .badData, what: what, why: "a row was not accepted", remedy: "Look at why with 'hub quarantine list'")
        }
    }

    /// What the body inserts into an empty database, as ops of the hub's own that are yet to be taken.
    package func ops(_ body: (Database, Int64) throws -> Void) throws -> [Op] {
        let now = time.wallMilliseconds
        return try ScratchCapture.ops(network: network) { try body($0, now) }
    }

    /// Changes rows as the hub itself, and adds others, as one step of its own chain.
    ///
    /// - Parameters:
    ///   - changes: of each row the columns that change, by name.
    ///   - action: what the operator does with them, for the audit log: a code, and why.
    ///   - body: inserts the other rows into an empty database.
    /// - Throws: ``Failure`` (noInput) where a row is not here.
    package func change(
        _ what: String, _ changes: [(table: String, key: Identifier, values: [String: Value])],
        noting action: HubAction? = nil, adding body: (Database) throws -> Void
    ) throws {
        let stamp = HybridTime(milliseconds: time.wallMilliseconds)
        let sets = try read(what) { database in
            try changes.map { change in
                guard let table = store.tables.tables.first(where: { $0.name == change.table }),
                    let current = try RowReader(database, table).read(change.key)
                else {
                    throw Failure(
                        .noInput, what: what, why: "a row of \(change.table) is not here", remedy: "Run it again")
                }
                let groups = table.columns.filter { change.values[$0.name] != nil }
                    .reduce(UInt64(0)) { $0 | 1 << UInt64($1.group) }
                return Op(
                    table: table.number, key: change.key, kind: .set, groups: groups, stamp: stamp,
                    values: table.columnIndexes(of: groups).map { change.values[table.columns[$0].name] ?? current[$0] }
                )
            }
        }
        let added = try ScratchCapture.ops(network: network, body)
        guard try submit(sets + added, noting: action).allSatisfy({ $0.exceptions.isEmpty }) else {
            throw Failure(
                .badData, what: what, why: "a row was not accepted", remedy: "Look at why with 'hub quarantine list'")
        }
    }

    /// The present time at the hub, in milliseconds since 1970.
    package var now: Int64 { time.wallMilliseconds }
}
