import GRDB
import ReUniteReplica
import ReUniteSync

/// Which devices may still hold what their subscription has lost: `hub_purge`, one row for each device and closing.
///
/// Part of the transaction that closes the grant, so that nothing is closed without somebody being asked to purge it.
struct PurgeStore {
    private let database: Database
    private let now: Int64

    /// How a line of `hub_purge` stands.
    enum State: Int64 {
        case owed = 0
        /// The device has signed that nothing is left.
        case purged = 1
        /// The scope came back with all that had left, before the device said anything.
        case returned = 2
        /// The device has applied the closing and owes nothing: it had never held it, or holds it again.
        case neverHeld = 3
        /// The device is gone for good, and an operator has said so.
        case writtenOff = 4

        /// The word that is printed: fixed, lower case, hyphenated.
        var word: String {
            switch self {
            case .owed: "owed"
            case .purged: "purged"
            case .returned: "returned"
            case .neverHeld: "never-held"
            case .writtenOff: "written-off"
            }
        }
    }

    init(_ transaction: HubTransaction) {
        database = transaction.database
        now = transaction.now
    }

    /// Notes who may hold classes that a subscription has just lost: every device of it, revoked ones too, that has
    /// applied the grant's opening, may have been sent it, or opened the scope itself.
    ///
    /// - Parameters:
    ///   - scope: its number.
    ///   - lost: the classes.
    ///   - position: at which the grant was closed; the grant is still on record.
    func owe(_ subscription: Int64, scope: Int64, lost: UInt64, at position: Position) throws {
        guard lost != 0 else { return }
        // Since when: a grant whose mask changed before has been closed and opened since, and what came with the
        // first of them is still there.
        guard let opened = try opening(subscription, scope: scope, lost: lost) else { return }
        try owe(subscription, scope: scope, left: lost, hidden: 0, heldSince: opened, at: position)
    }

    /// Notes who may hold a row that rose to a class its subscription may not read.
    ///
    /// What left is noted as the class that the row has now: only who may read that gets the row back.
    ///
    /// - Parameters:
    ///   - row: in its new class.
    ///   - before: the class that it had. The device may have held it under an earlier one already, so it counts from the
    ///     opening of the grant; who never held it says so with the next sync.
    func owe(_ subscription: Int64, hidden row: HubRow, from before: UInt8) throws {
        guard let opened = try opening(subscription, scope: row.scope, lost: 1 << UInt64(before)) else { return }
        try owe(
            subscription, scope: row.scope, left: 1 << UInt64(row.disclosureClass), hidden: 1,
            heldSince: opened, at: row.classed)
    }

    private func owe(
        _ subscription: Int64, scope: Int64, left: UInt64, hidden: Int64, heldSince opened: Int64, at position: Position
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO hub_purge(device, scope, closed, mask, hidden, owed_ms)
                SELECT d.id, :scope, :closed, :left, :hidden, :now FROM hub_device d
                WHERE d.sub = :sub AND d.state IN (1, 2) AND d.written_off_ms IS NULL
                  AND (\(PurgeStore.mayHold)
                  -- A hidden row had come back, which nobody had told the device, and goes again.
                  OR EXISTS (SELECT 1 FROM hub_purge x WHERE x.device = d.id AND x.scope = :scope AND x.state = 2
                    AND x.hidden > 0 AND x.mask & :left <> 0))
                ON CONFLICT(device, scope, closed) DO UPDATE SET
                  mask = mask | excluded.mask, hidden = hidden + excluded.hidden, state = 0
                """,
            arguments: [
                "scope": scope, "closed": position.rawValue, "left": Int64(bitPattern: left), "hidden": hidden,
                "sub": subscription, "opened": opened, "now": now,
            ])
    }

    /// The devices that are served now and may hold classes that their subscription would lose.
    func holders(of subscription: Int64, scope: Int64, lost: UInt64) throws -> Set<Identifier> {
        guard lost != 0, let opened = try opening(subscription, scope: scope, lost: lost) else { return [] }
        return Set(
            try Row.fetchAll(
                database,
                sql: """
                    SELECT d.id FROM hub_device d
                    WHERE d.sub = :sub AND d.state = 1 AND d.clone_ms IS NULL AND \(PurgeStore.mayHold)
                    """, arguments: ["sub": subscription, "opened": opened]
            ).map { $0.identifier("id") })
    }

    private func opening(_ subscription: Int64, scope: Int64, lost: UInt64) throws -> Int64? {
        try Int64.fetchOne(
            database, sql: "SELECT min(opened) FROM hub_grant WHERE sub = ? AND scope = ? AND read_mask & ? <> 0",
            arguments: [subscription, scope, Int64(bitPattern: lost)])
    }

    /// Whether a device `d` has applied a grant that was opened at `:opened`, may have been sent it, or opened the
    /// scope itself.
    private static let mayHold = """
        (max(d.cursor, d.asked) >= :opened
          OR EXISTS (SELECT 1 FROM hub_batch b WHERE b.device = d.id AND b.receipt_position > d.asked
            AND b.receipt_position >= :opened)
          OR EXISTS (SELECT 1 FROM hub_batch b WHERE b.no = (SELECT max(no) FROM hub_batch)
            AND b.device = d.id AND b.first_position <= :opened))
        """

    /// A subscription was given a scope, perhaps once more: what came back whole need not be purged.
    ///
    /// Only if every class that had left is among these: with fewer, the device must purge as if nothing had come back.
    func superseded(_ subscription: Int64, scope: Int64, by readMask: UInt64) throws {
        try database.execute(
            sql: """
                UPDATE hub_purge SET state = 2, done_ms = :now
                WHERE scope = :scope AND state = 0 AND mask & ~:mask = 0
                AND device IN (SELECT id FROM hub_device WHERE sub = :sub)
                """, arguments: ["scope": scope, "mask": Int64(bitPattern: readMask), "sub": subscription, "now": now])
    }
}
