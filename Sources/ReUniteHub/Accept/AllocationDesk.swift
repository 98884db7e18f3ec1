import GRDB
import ReUniteReplica
import ReUniteSync

/// Decides who has a unit for a time, inside the transaction that judges the request: the one place where anything is
/// given away, so nothing is given twice.
///
/// It sees every row of the table and of the others that give away the same units, whoever may read them; its answer is
/// only that a unit is free or not.
struct AllocationDesk {
    private let transaction: HubTransaction
    private let table: TableDescription
    private let rule: Allocation
    /// The places of unit, from, to and status among the columns of the group.
    private let places: (unit: Int, from: Int, to: Int, status: Int)

    /// Nil for a table that allocates nothing.
    init?(_ transaction: HubTransaction, _ table: TableDescription) {
        guard let rule = table.allocation else { return nil }
        let names = table.columns.filter { $0.group == rule.group }.map(\.name)
        guard let unit = names.firstIndex(of: rule.unit), let from = names.firstIndex(of: rule.from),
            let to = names.firstIndex(of: rule.to), let status = names.firstIndex(of: rule.status)
        else { return nil }
        self.transaction = transaction
        self.table = table
        self.rule = rule
        places = (unit, from, to, status)
    }

    var group: UInt8 { rule.group }

    enum Decision {
        /// The cell is this now.
        case taken([Value])
        /// It is not free.
        case refused
        /// The request is not one.
        case misuse(Reason)
    }

    /// Decides on the values of a booking, in the order of the group's columns.
    ///
    /// - Parameter scope: the number of the scope of a new row; nil for a row that is there.
    func decide(_ values: [Value], of key: Identifier, in scope: Int64? = nil, isByHub: Bool) throws -> Decision {
        switch rule.kind(of: values[places.status]) {
        case nil: return .misuse(.malformed)
        case .released: return .taken(values)
        case .refused: return isByHub ? .taken(values) : .misuse(.role)
        case .holds where !isByHub: return .misuse(.role)
        case .holds, .request:
            guard values[places.unit] != .null,
                Allocation.isSpan(from: values[places.from], to: values[places.to])
            else { return .misuse(.malformed) }
            guard try isFree(values, for: key), try isFreeElsewhere(values, for: key, in: scope) else {
                return .refused
            }
            // The hub may say how it is held: for a while, or lived in by now.
            let isSaid = rule.kind(of: values[places.status]) == .holds
            return .taken(isSaid ? values : values.setting(places.status, rule.values(of: .holds)))
        }
    }

    /// The values of a booking that could not be had.
    func refusing(_ values: [Value]) -> [Value] {
        values.setting(places.status, rule.values(of: .refused))
    }

    /// Whether no other row of the table holds the unit at any instant of the span.
    private func isFree(_ values: [Value], for key: Identifier) throws -> Bool {
        try holdings(of: values[places.unit], in: table, rule).allSatisfy { held in
            held.key == key || !Allocation.overlap((from: values[places.from], to: values[places.to]), held.span)
        }
    }

    /// Whether no row of another table holds the unit then, but for whom this one is asked for.
    private func isFreeElsewhere(_ values: [Value], for key: Identifier, in scope: Int64?) throws -> Bool {
        guard !rule.others.isEmpty else { return true }
        let wanted = (from: values[places.from], to: values[places.to])
        var own: [UInt8]?
        for table in transaction.schema.tables.tables where rule.others.contains(table.name) {
            guard let rule = table.allocation else { continue }
            for held in try holdings(of: values[places.unit], in: table, rule)
            where Allocation.overlap(wanted, held.span) {
                if own == nil {
                    let number = try scope ?? transaction.rows.row(self.table.number, key)?.scope
                    own = try number.flatMap { try holder(of: transaction.scopeID($0)) }
                }
                guard let own, let scope = held.scope, try holder(of: scope) == own else { return false }
            }
        }
        return true
    }

    /// For whom the rows of a scope hold what they hold, as the network's rows have it now (`ru_allocation_for`).
    private func holder(of scope: Identifier) throws -> [UInt8]? {
        try Row.fetchOne(
            transaction.database, sql: "SELECT holder FROM ru_allocation_for WHERE scope = ?",
            arguments: [scope.sqlBlob])?.bytes("holder")
    }

    private struct Holding {
        let key: Identifier
        let span: (from: Value, to: Value)
        let scope: Identifier?
    }

    /// The rows of a table that hold a unit.
    private func holdings(of unit: Value, in table: TableDescription, _ rule: Allocation) throws -> [Holding] {
        let holding = rule.values(of: .holds)
        let marks = Array(repeating: "?", count: holding.count).joined(separator: ", ")
        let held = try EngineStatement(
            transaction.database,
            """
            SELECT id, \(quoted(rule.from)), \(quoted(rule.to)), \(table.scopeColumn.map(quoted) ?? "NULL")
            FROM \(quoted(table.name)) WHERE \(quoted(rule.unit)) = ? AND \(quoted(rule.status)) IN (\(marks))
            """)
        held.bind(1, unit)
        for (place, value) in holding.enumerated() { held.bind(Int32(place) + 2, value) }
        var found: [Holding] = []
        while try held.step() {
            guard let key = held.identifier(0) else { continue }
            found.append(
                Holding(key: key, span: (from: held.value(1), to: held.value(2)), scope: held.identifier(3)))
        }
        return found
    }
}

extension [Value] {
    /// The values with the first of some statuses in a place.
    fileprivate func setting(_ place: Int, _ statuses: [String]) -> [Value] {
        var values = self
        if let status = statuses.first { values[place] = .text(status) }
        return values
    }
}
