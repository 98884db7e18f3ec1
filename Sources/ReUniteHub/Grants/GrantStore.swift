import GRDB
import ReUniteReplica
import ReUniteSync

/// Who may read and write which classes of which scope, over time.
///
/// Grants follow the network's canonical rows, through the view `ru_grant_source`, inside the transaction that
/// changed them: never an incoming message, and for everyone, the author included.
final class GrantStore {
    struct Grant: Hashable {
        let subscription: Int64
        let opened: Position
        let closed: Position?
        /// The classes that are shown.
        let readMask: UInt64
        let writeMask: UInt64
        /// Classes that are not shown yet, because the hub was restored, and count for what is written.
        var held: UInt64 = 0
        /// What the subscription's devices may have known when they wrote.
        var judgedMask: UInt64 { readMask | held }
        /// When it closed by the hub's clock, milliseconds since 1970.
        var closedMilliseconds: Int64?
    }

    private let transaction: HubTransaction
    private let feed: FeedStore
    private let findOpen: EngineStatement
    private let findAll: EngineStatement
    private var open: [Int64: [Grant]] = [:]
    /// By scope and partner, as asked; void as soon as any grant is evaluated anew.
    private var related: [Identifier: [Identifier: Set<String>]] = [:]

    init(_ transaction: HubTransaction, feed: FeedStore) throws {
        self.transaction = transaction
        self.feed = feed
        findOpen = try EngineStatement(
            transaction.database,
            """
            SELECT sub, opened, closed, read_mask, write_mask, closed_ms, held FROM hub_grant
            WHERE scope = ? AND closed IS NULL
            """)
        findAll = try EngineStatement(
            transaction.database,
            """
            SELECT sub, opened, closed, read_mask, write_mask, closed_ms, held FROM hub_grant
            WHERE sub = ? AND scope = ? ORDER BY opened
            """)
    }

    /// The open grants of a scope.
    func open(on scope: Int64) throws -> [Grant] {
        if let grants = open[scope] { return grants }
        findOpen.bind(1, scope)
        let grants = try read(findOpen)
        open[scope] = grants
        return grants
    }

    /// Every grant that a subscription ever had on a scope, oldest first.
    func history(of subscription: Int64, on scope: Int64) throws -> [Grant] {
        findAll.bind(1, subscription)
        findAll.bind(2, scope)
        return try read(findAll)
    }

    private func read(_ statement: EngineStatement) throws -> [Grant] {
        var grants: [Grant] = []
        while try statement.step() {
            grants.append(
                Grant(
                    subscription: statement.int64(0), opened: Position(statement.int64(1)),
                    closed: statement.isNull(2) ? nil : Position(statement.int64(2)),
                    readMask: UInt64(bitPattern: statement.int64(3)),
                    writeMask: UInt64(bitPattern: statement.int64(4)), held: UInt64(bitPattern: statement.int64(6)),
                    closedMilliseconds: statement.isNull(5) ? nil : statement.int64(5)))
        }
        return grants
    }

    /// The relations in which a partner stands to a scope, as the network's rows have it now.
    func relations(of partner: Identifier, to scope: Identifier) throws -> Set<String> {
        if let relations = related[scope]?[partner] { return relations }
        let relations = Set(
            try String.fetchAll(
                transaction.database.cachedStatement(
                    sql: "SELECT relation FROM ru_grant_source WHERE scope = ? AND partner = ?"),
                arguments: [scope.sqlBlob, partner.sqlBlob]))
        related[scope, default: [:]][partner] = relations
        return relations
    }

    /// Brings a scope's grants into line with the rows, at a position.
    func evaluate(_ scopeID: Identifier, at position: Position) throws {
        let database = transaction.database
        related = [:]
        transaction.moved.insert(scopeID)
        let scope = try transaction.scope(scopeID)
        var wishes = try Wishes(transaction, of: scopeID).bySubscription()
        try RestoredAccess(transaction).limit(&wishes, on: scope)
        let current = Dictionary(
            try open(on: scope).map { ($0.subscription, $0) }, uniquingKeysWith: { first, _ in first })
        for (subscription, grant) in current {
            if let wish = wishes[subscription], wish.readMask == grant.readMask, wish.held == grant.held,
                wish.writeMask & wish.judgedMask == grant.writeMask
            {
                continue
            }
            note(.grantClosed, subscription, scopeID, opened: grant.opened, [.number(.position, position.rawValue)])
            let lost = grant.readMask & ~(wishes[subscription]?.readMask ?? 0)
            try PurgeStore(transaction).owe(subscription, scope: scope, lost: lost, at: position)
            if lost != 0 {
                try transaction.note(closing: .closed, of: scopeID, mask: lost, to: subscription, at: position)
            }
            try database.execute(
                sql: "UPDATE hub_grant SET closed = ?, closed_ms = ? WHERE sub = ? AND scope = ? AND closed IS NULL",
                arguments: [position.rawValue, transaction.now, subscription, scope])
            try feed.leave(subscription, scope: scope, id: scopeID, readMask: grant.readMask, at: position)
            try database.voidDeliveries(to: subscription)
        }
        for (subscription, wish) in wishes.sorted(by: { $0.key < $1.key }) {
            let write = wish.writeMask & wish.judgedMask
            let before = current[subscription]
            if let before, before.readMask == wish.readMask, before.held == wish.held, before.writeMask == write {
                continue
            }
            let gained = wish.readMask & ~(before?.readMask ?? 0)
            if gained != 0, try history(of: subscription, on: scope).contains(where: { $0.readMask & gained != 0 }) {
                try transaction.note(closing: .opened, of: scopeID, mask: gained, to: subscription, at: position)
            }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO hub_grant(sub, scope, opened, closed, read_mask, write_mask, relations, why,
                      opened_ms, held)
                    VALUES(?, ?, ?, NULL, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    subscription, scope, position.rawValue, Int64(bitPattern: wish.readMask),
                    Int64(bitPattern: write), wish.relations.sorted().joined(separator: ","),
                    wish.why.sorted().joined(separator: "; "), transaction.now, Int64(bitPattern: wish.held),
                ])
            note(
                .grantOpened, subscription, scopeID, opened: position,
                [.number(.read, Int64(bitPattern: wish.readMask)), .number(.write, Int64(bitPattern: write))])
            try PurgeStore(transaction).superseded(subscription, scope: scope, by: wish.readMask)
            try feed.enter(subscription, scope: scope, id: scopeID, readMask: wish.readMask, at: position)
        }
        open[scope] = nil
    }

    private func note(
        _ kind: AuditKind, _ subscription: Int64, _ scope: Identifier, opened: Position, _ facts: [AuditFact]
    ) {
        transaction.audit.note(
            AuditRecord(
                kind, atMilliseconds: transaction.now,
                facts + [
                    .number(.subscription, subscription), .id(.scope, scope), .number(.opened, opened.rawValue),
                ]))
    }

    /// Forgets what was read: a step was rolled back.
    func forget() {
        open = [:]
        related = [:]
    }
}
