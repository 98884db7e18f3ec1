import GRDB
import ReUniteReplica
package import ReUniteSync

/// The table of the audit log, in the caller's transaction: what is appended here is committed with what it records,
/// or not at all.
///
/// A leaf's row holds the hashes of the subtrees that the leaf completes, so that appending is one row, and any hash
/// of the tree is one look by the row's number.
struct AuditLog {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// How many leaves there are.
    func size() throws -> UInt64 {
        let last = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(i) FROM hub_audit"))
        return last.map { UInt64($0) + 1 } ?? 0
    }

    /// The hash of a complete subtree (``MerkleTree/Lookup``).
    func node(_ level: Int, _ index: UInt64) throws -> MerkleHash {
        let row = ((index + 1) << UInt64(level)) - 1
        let find = try database.cachedStatement(sql: "SELECT leaf, nodes FROM hub_audit WHERE i = ?")
        let found = try Row.fetchOne(find, arguments: [Int64(row)])
        let bytes =
            level == 0
            ? found?.bytes("leaf")[...]
            : found?.bytes("nodes").dropFirst((level - 1) * MerkleHash.length).prefix(MerkleHash.length)
        guard let hash = bytes.flatMap({ MerkleHash(bytes: $0) }) else {
            throw Failure(
                .badData, what: "Reading the audit log", why: "its entry \(row) is damaged or gone",
                remedy: "Check the log with 'hub audit verify', and restore a backup")
        }
        return hash
    }

    func head() throws -> AuditHead {
        try frontier().head
    }

    private func frontier() throws -> MerkleFrontier {
        try MerkleFrontier(size: try size(), node)
    }

    /// The head, and the proof that the log begins with what somebody was shown earlier.
    func growth(since size: UInt64) throws -> AuditGrowth {
        let head = try head()
        let hashes = try MerkleTree.consistencyProof(from: size, to: head.size, node)
        return AuditGrowth(head: head, proof: AuditProof(since: size, hashes: hashes))
    }

    /// Appends records, each with a salt of its own. Of what is about an erased scope only the leaf is kept.
    func append(_ records: [AuditRecord]) throws {
        guard !records.isEmpty else { return }
        var frontier = try frontier()
        var generator = SystemRandomNumberGenerator()
        let insert = try EngineStatement(
            database,
            "INSERT INTO hub_audit(i, kind, at_ms, scope, salt, detail, leaf, nodes) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
        for record in records {
            let salt = (0..<AuditRecord.saltLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let detail = record.encoded()
            let leaf = AuditRecord.leaf(salt: salt, record: detail)
            insert.bind(1, Int64(frontier.size))
            insert.bind(2, Int64(record.kind.rawValue))
            insert.bind(3, record.atMilliseconds)
            let scope = record.id(.scope)
            if let scope, try isErased(scope) {
                for column in Int32(4)...6 { insert.bindNull(column) }
            } else {
                if let scope { insert.bind(4, scope) } else { insert.bindNull(4) }
                insert.bind(5, salt)
                insert.bind(6, detail)
            }
            insert.bind(7, leaf.bytes)
            let nodes = frontier.append(leaf)
            if nodes.isEmpty { insert.bindNull(8) } else { insert.bind(8, nodes.flatMap(\.bytes)) }
            try insert.run()
        }
    }

    private func isErased(_ scope: Identifier) throws -> Bool {
        let find = try database.cachedStatement(sql: "SELECT 1 FROM hub_erased_scope WHERE id = ?")
        return try Int.fetchOne(find, arguments: [scope.sqlBlob]) != nil
    }

    /// Takes out what leaves say of an erased scope. That there were leaves stays, and that the tree is whole.
    func erase(scope: Identifier) throws {
        try database.execute(
            sql: "UPDATE hub_audit SET salt = NULL, detail = NULL, scope = NULL WHERE scope = ?",
            arguments: [scope.sqlBlob])
    }
}

/// The audit log as a replica is to be shown it.
package struct AuditGrowth: Hashable, Sendable {
    package var head: AuditHead
    /// From what the replica knew; empty where nothing needs a proof.
    package var proof: AuditProof
}
