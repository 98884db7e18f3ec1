import GRDB
import ReUniteReplica
import ReUniteSync

/// What is known of a batch that was written in, or judged by, a life of the hub that was lost with its machine.
///
/// Positions are never used twice, so the number alone says in which life a base is: above ``kept`` and up to where the
/// present life began, it names something that this hub has forgotten.
struct Recalled {
    /// The last position that the restored hub still knew.
    let kept: Position
    /// The position after which the present life began.
    let began: Position
    /// What the lost life had said of the batch, by its author's word; nil where it had not got that far.
    let receipt: Receipt?

    /// Nil where the hub was never restored, or the batch has nothing to do with what was lost.
    init?(_ header: BatchHeader, _ batch: BatchID, _ database: Database) throws {
        guard let life = try HubLife.current(database) else { return nil }
        kept = life.restored
        began = life.began
        receipt = try Row.fetchOne(
            database, sql: "SELECT receipt FROM hub_recalled WHERE batch = ?", arguments: [batch.bytes.sqlBlob]
        ).flatMap { row in
            let receipt = try Receipt(decoding: row.bytes("receipt"))
            return receipt.opCount == header.opCount ? receipt : nil
        }
        guard receipt != nil || mayHaveSeenLost(at: header.base) else { return nil }
    }

    /// Where an op stood. A claim of its author's, which can only make others count as having seen it.
    func position(of name: OpID) -> EarlierPosition? {
        receipt.map {
            EarlierPosition(position: Position($0.firstPosition.rawValue + Int64(name.index)), returned: began)
        }
    }

    /// Whether somebody with this base may have seen what the hub has forgotten.
    func mayHaveSeenLost(at base: Position) -> Bool {
        base > kept && base < began
    }

    /// Whether an op gave a cell the value that its author had in front of it already: what the lost life had said of
    /// that, if it had, else no. Nil where the hub can tell for itself.
    func isUnchanged(_ op: Op, _ index: UInt32, _ group: UInt8) -> Bool? {
        let isDifference = op.kind == .increment || op.kind == .resolve || op.kind == .transit
        guard mayHaveSeenLost(at: op.context?.cellBase ?? .zero) || receipt != nil, !isDifference else { return nil }
        guard let receipt else { return op.flags.contains(.coarse) ? nil : false }
        guard let told = receipt.exceptions.first(where: { $0.index == index }), told.groups & (1 << UInt64(group)) != 0
        else { return op.kind == .create ? nil : false }
        return told.reason == .unchanged ? true : nil
    }
}

/// One life of the hub's position counter, after the first.
struct HubLife: Hashable {
    let epoch: HubEpoch
    /// The last position of the backup.
    let restored: Position
    /// Its first checkpoints are of this position, and what it decides is above it.
    let began: Position
    /// Whether it opens scopes yet.
    let isOpen: Bool

    /// The present life; nil in the first.
    static func current(_ database: Database) throws -> HubLife? {
        guard
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT number, salt, restored, began, opened_ms FROM hub_epoch ORDER BY number DESC LIMIT 1"))
        else { return nil }
        let opened: Int64? = row["opened_ms"]
        return HubLife(
            epoch: HubEpoch(number: UInt32(truncatingIfNeeded: row["number"] as Int64), salt: row.identifier("salt")),
            restored: Position(row["restored"]), began: Position(row["began"]), isOpen: opened != nil)
    }

    /// Whether the hub may open scopes to anybody.
    static func opensScopes(_ database: Database) throws -> Bool {
        try current(database)?.isOpen ?? true
    }
}

extension RowMerge {
    /// Whether a value that was replaced knowingly in a life that was lost comes back after what replaced it has been
    /// replaced in turn: it would stand beside a value whose author knew better.
    func wasReplacedSince(
        _ incoming: CellSibling, _ group: UInt8, _ row: HubRow, policy: any CellPolicy
    ) throws -> Bool {
        guard judge.batch.recalled?.receipt != nil else { return false }
        return try transaction.cells.covered(row.table, row.key, group: group, after: .zero).contains {
            policy.replaces($0, incoming, lineage: judge.lineage)
        }
    }
}
