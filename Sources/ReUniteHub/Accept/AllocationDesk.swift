import GRDB
import ReUniteReplica
import ReUniteSync

/// Decides who has a unit for a time, inside the transaction that judges the request: the one place where anything is
/// given away, so nothing is given twice.
///
/// It sees every row of the table, whoever may read it; its answer is only that a unit is free or not.
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
    func decide(_ values: [Value], of key: Identifier, isByHub: Bool) throws -> Decision {
        switch rule.kind(of: values[places.status]) {
        case nil: return .misuse(.malformed)
        case .released: return .taken(values)
        case .refused: return isByHub ? .taken(values) : .misuse(.role)
        case .holds where !isByHub: return .misuse(.role)
        case .holds, .request:
            guard values[places.unit] != .null,
                Allocation.isSpan(from: values[places.from], to: values[places.to])
            else { return .misuse(.malformed) }
            return try isFree(values, for: key)
                ? .taken(values.setting(places.status, rule.values(of: .holds))) : .refused
        }
    }

    /// The values of a booking that could not be had.
    func refusing(_ values: [Value]) -> [Value] {
        values.setting(places.status, rule.values(of: .refused))
    }

    /// Whether no other row holds the unit at any instant of the span.
    private func isFree(_ values: [Value], for key: Identifier) throws -> Bool {
        let holding = rule.values(of: .holds)
        let marks = Array(repeating: "?", count: holding.count).joined(separator: ", ")
        let held = try EngineStatement(
            transaction.database,
            """
            SELECT \(quoted(rule.from)), \(quoted(rule.to)) FROM \(quoted(table.name))
            WHERE \(quoted(rule.unit)) = ? AND id <> ? AND \(quoted(rule.status)) IN (\(marks))
            """)
        held.bind(1, values[places.unit])
        held.bind(2, key)
        for (place, value) in holding.enumerated() { held.bind(Int32(place) + 3, value) }
        let wanted = (from: values[places.from], to: values[places.to])
        while try held.step() {
            guard !Allocation.overlap(wanted, (from: held.value(0), to: held.value(1))) else {
                held.reset()
                return false
            }
        }
        return true
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
