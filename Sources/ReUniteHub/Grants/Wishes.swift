import GRDB
import ReUniteReplica
import ReUniteSync

/// What the network's rows say now of who shall read and write a scope, by subscription.
struct Wishes {
    struct Wish {
        var readMask: UInt64 = 0
        /// Classes that are not to be shown yet, and count for what is written (``RestoredAccess``).
        var held: UInt64 = 0
        var judgedMask: UInt64 { readMask | held }
        var writeMask: UInt64 = 0
        var relations: Set<String> = []
        var why: Set<String> = []
    }

    private let transaction: HubTransaction
    private let scope: Identifier

    init(_ transaction: HubTransaction, of scope: Identifier) {
        self.transaction = transaction
        self.scope = scope
    }

    /// A partner's wish goes to the subscription that its offices share, and to each field device of its own that
    /// holds the scope.
    func bySubscription() throws -> [Int64: Wish] {
        var wishes: [Int64: Wish] = [:]
        for (partner, (subscription, wish)) in try byPartner() where wish.readMask != 0 {
            wishes[subscription] = wish
            guard transaction.schema.has(.deviceScope) else { continue }
            for field in try holders(of: partner) { wishes[field] = wish }
        }
        return wishes
    }

    private func byPartner() throws -> [Identifier: (subscription: Int64, wish: Wish)] {
        var wishes: [Identifier: (subscription: Int64, wish: Wish)] = [:]
        let find = try transaction.database.cachedStatement(
            sql: """
                SELECT p.id AS partner, p.sub AS sub, g.relation, g.read_mask, g.write_mask, g.why
                FROM ru_grant_source g JOIN hub_partner p ON p.id = g.partner WHERE g.scope = ? AND p.ended_ms IS NULL
                """)
        let sources = try Row.fetchAll(find, arguments: [scope.sqlBlob])
        for row in sources {
            let read: Int64? = row["read_mask"]
            let write: Int64? = row["write_mask"]
            let partner = row.identifier("partner")
            var wish = wishes[partner]?.wish ?? Wish()
            wish.readMask |= UInt64(bitPattern: read ?? 0)
            // Nobody may write what he may not read: he would overwrite what he never saw.
            wish.writeMask |= UInt64(bitPattern: write ?? 0)
            wish.relations.insert(row["relation"])
            wish.why.insert(row["why"])
            wishes[partner] = (row["sub"], wish)
        }
        return wishes
    }

    /// The subscriptions of a partner's field devices that hold the scope: because the network's rows say so, because
    /// it is the partner's own, or because the device opened it and no row has taken it away.
    private func holders(of partner: Identifier) throws -> [Int64] {
        let find = try transaction.database.cachedStatement(
            sql: "SELECT no, device FROM hub_sub WHERE partner = ? AND device IS NOT NULL")
        let fields = try Row.fetchAll(find, arguments: [partner.sqlBlob])
        guard !fields.isEmpty else { return [] }
        if scope == partner { return fields.map { $0["no"] } }
        let said = Dictionary(
            try Row.fetchAll(
                transaction.database,
                sql: """
                    SELECT device, max(holds) AS holds FROM ru_device_scope WHERE scope = ? AND partner = ?
                    GROUP BY device
                    """, arguments: [scope.sqlBlob, partner.sqlBlob]
            ).map { ($0.identifier("device"), ($0["holds"] as Int64) == 1) }, uniquingKeysWith: { $0 || $1 })
        let maker = try Row.fetchOne(
            transaction.database, sql: "SELECT maker FROM hub_scope WHERE id = ? AND maker IS NOT NULL",
            arguments: [scope.sqlBlob])?.identifier("maker")
        return fields.filter {
            let device = $0.identifier("device")
            return said[device] ?? (device == maker)
        }.map { $0["no"] }
    }
}
