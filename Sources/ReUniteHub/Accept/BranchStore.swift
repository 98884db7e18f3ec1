import GRDB
import ReUniteReplica
import ReUniteSync

/// The chains of the devices, and where they forked.
///
/// Batches name their predecessor, so a restored or copied device makes a second branch by itself: nothing has to be
/// detected for both futures to be kept (`docs/protocol.md`, "Chains").
struct BranchStore {
    private let database: Database

    /// How many beginnings and forks of one device are judged. Each copy that is used, and each image that is put back,
    /// makes one.
    static let branchesPerDevice = 256

    init(_ database: Database) {
        self.database = database
    }

    /// Where a batch lies: its branch, and the place of its first op as the hub counts them.
    struct Place: Hashable {
        let branch: Int64
        let firstSequence: UInt64
    }

    /// Puts a batch on its branch, or on a new one. Nil when its predecessor is not here.
    ///
    /// - Parameter asRoot: begin a branch with nothing before it, for a batch whose predecessor will never come.
    func place(_ id: BatchID, _ header: BatchHeader, asRoot: Bool = false) throws -> Place? {
        let device = header.device.sqlBlob
        if let row = try Row.fetchOne(
            database, sql: "SELECT no, last_sequence FROM hub_branch WHERE device = ? AND head = ?",
            arguments: [device, header.parent.bytes.sqlBlob])
        {
            let branch: Int64 = row["no"]
            let before: Int64 = row["last_sequence"]
            let last = before + Int64(header.opCount)
            try database.execute(
                sql: "UPDATE hub_branch SET head = ?, last_sequence = ?, last_number = ? WHERE no = ?",
                arguments: [id.bytes.sqlBlob, last, Int64(bitPattern: header.number), branch])
            return Place(branch: branch, firstSequence: UInt64(before + 1))
        }
        var parent: Int64?
        var fork: Int64?
        if asRoot {
            // What came before is not known to anybody, so nothing of it counts as seen.
            fork = Int64(clamping: min(header.firstSequence, 1 << 48)) - 1
        } else if header.parent != .none {
            guard
                let row = try Row.fetchOne(
                    database,
                    sql:
                        "SELECT branch, first_sequence + op_count - 1 AS last FROM hub_batch WHERE id = ? AND device = ?",
                    arguments: [header.parent.bytes.sqlBlob, device])
            else { return nil }
            parent = row["branch"]
            fork = row["last"]
        }
        let before = fork ?? 0
        let last = before + Int64(header.opCount)
        try database.execute(
            sql: """
                INSERT INTO hub_branch(device, parent, fork_sequence, head, last_sequence, last_number)
                VALUES(?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                device, parent, parent == nil ? nil : fork, id.bytes.sqlBlob, last, Int64(bitPattern: header.number),
            ])
        return Place(branch: database.lastInsertedRowID, firstSequence: UInt64(before + 1))
    }

    /// Whether a branch is one more than copies of a device can explain.
    func isBeyondCopies(_ branch: Int64) throws -> Bool {
        try Int.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT 1 FROM hub_branch WHERE device = (SELECT device FROM hub_branch WHERE no = ?1) AND no < ?1
                    ORDER BY no LIMIT 1 OFFSET \(BranchStore.branchesPerDevice - 1)
                    """), arguments: [branch]) != nil
    }

    /// Every fork that leads to a branch.
    func lineage(of branch: Int64) throws -> Lineage {
        var lineage = Lineage()
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT no, parent, fork_sequence FROM hub_branch
                WHERE parent IS NOT NULL AND device = (SELECT device FROM hub_branch WHERE no = ?)
                """, arguments: [branch])
        for row in rows {
            let fork: Int64 = row["fork_sequence"]
            lineage.add(branch: row["no"], after: Dot(branch: row["parent"], sequence: UInt64(bitPattern: fork)))
        }
        return lineage
    }
}
