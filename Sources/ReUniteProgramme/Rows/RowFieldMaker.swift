import GRDB
import ReUniteReplica
import ReUniteSync

/// Makes the fields of a row's form.
struct RowFieldMaker {
    let database: Database
    let labels: Labels
    let table: RecordTables.Table
    let caseID: Identifier
    let partner: Identifier
    let now: Int64
    /// Who is signed in on this device.
    let staff: Identifier?

    /// A text that may be longer than this gets room for several lines.
    private static let longLine = 300

    /// - Parameter said: what a field says instead of what the row says, by column.
    func fields(_ row: Row?, saying said: [String: DatabaseValue] = [:]) throws -> [RowField] {
        let headings = try headings()
        let kept = try row.map { try self.kept(by: $0) } ?? []
        return try table.rules.compactMap { rule in
            guard rule.kind != .key, rule.kind != .caseFile, rule.column != table.scopeColumn,
                !kept.contains(rule.column),
                rule.column != "entered_at", let kind = try kind(rule, row)
            else { return nil }
            let isMoment = kind == .moment
            return RowField(
                column: rule.column, label: rule.label, help: help(rule, kind),
                unit: rule.isWeekdays ? "" : rule.manifest.unit,
                kind: kind,
                isRequired: !rule.manifest.isNullable && rule.manifest.defaultText != "''", group: rule.manifest.group,
                heading: headings[rule.manifest.group] ?? "",
                value: value(rule, said[rule.column] ?? row.map { $0[rule.column] } ?? initial(rule)),
                isWhenItHappened: isMoment && rule.column == "recorded_for_at")
        }
    }

    /// A list that has nothing yet says where it gets it from.
    private func help(_ rule: FieldRule, _ kind: RowField.Kind) -> String {
        guard case .choice(let options) = kind, options.isEmpty, case .row(let tables) = rule.kind,
            let named = (tables.isEmpty ? RowNames(database, labels).targets(of: rule.column, in: table.name) : tables)
                .first
        else { return rule.manifest.help }
        guard let made = (try? RecordTables(database, only: named)[named]).flatMap({ $0 }) else {
            return "\(rule.manifest.help). None is on record yet: the hub's operator keeps that list"
        }
        let place = OwnRecords.holds(made) ? ", under \u{201C}This organisation\u{201D}" : ""
        return "\(rule.manifest.help). None is on record yet: first add to \u{201C}\(made.label)\u{201D}\(place)"
    }

    /// The columns of a row that is there which nobody changes by hand: the hub's, those that nobody writes twice, and
    /// the reference, which stands on paper by now.
    private func kept(by row: Row) throws -> Set<String> {
        let columns = try String.fetchSet(
            database,
            sql: """
                SELECT col FROM column_writer WHERE tbl = ?
                GROUP BY col HAVING sum(relation NOT IN ('HUB', 'NOBODY')) = 0
                """, arguments: [table.name])
        let isNamed = table.name == "case_file" && row["ref"] as String? != nil
        return isNamed ? columns.union(["ref"]) : columns
    }

    /// By the number of the group.
    private func headings() throws -> [Int: String] {
        Dictionary(
            try Row.fetchAll(
                database, sql: "SELECT grp, label FROM group_label WHERE tbl = ?", arguments: [table.name]
            ).map { ($0[0] as Int, $0[1] as String) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil for what nobody types: a row that no list can offer.
    private func kind(_ rule: FieldRule, _ row: Row?) throws -> RowField.Kind? {
        switch rule.kind {
        case .key, .caseFile: return nil
        case .date: return .date
        case .instant: return .moment
        case .yesOrNo: return .yesOrNo
        case .integer: return rule.isWeekdays ? .line : .number
        case .money: return .money
        case .partner:
            return .choice(
                try Partners.list(in: database).map { RowField.Option(value: $0.id.description, label: $0.name) })
        case .row(let tables):
            let names = RowNames(database, labels)
            let candidates = tables.isEmpty ? names.targets(of: rule.column, in: table.name) : tables
            let options = try candidates.flatMap { try names.options(in: $0, caseID: caseID, partner: partner) }
            return options.isEmpty && rule.manifest.isNullable ? nil : .choice(options)
        case .text:
            guard !rule.codes.isEmpty else {
                return (rule.checks.lengths?.upperBound ?? Int.max) > RowFieldMaker.longLine ? .text : .line
            }
            let options = try codes(rule, row).map { RowField.Option(value: $0.code, label: $0.label) }
            return rule.isList ? .several(options) : .choice(options)
        }
    }

    /// What may be chosen: codes in use, the steps that are open, what is there already.
    private func codes(_ rule: FieldRule, _ row: Row?) throws -> [FieldRule.Code] {
        let present: String? = row.flatMap { $0[rule.column] }
        if rule.manifest.policy == "state" {
            guard let present else { return try beginnings(rule) }
            return try steps(rule.column, from: present)
        }
        if rule.manifest.policy == "alloc" {
            let kinds = Dictionary(
                try Row.fetchAll(
                    database, sql: "SELECT value, kind FROM ru_allocation_state WHERE tbl = ?", arguments: [table.name]
                ).map { ($0[0] as String, $0[1] as String) }, uniquingKeysWith: { first, _ in first })
            let open: Set<String> = row == nil ? ["REQUEST"] : ["RELEASED"]
            return rule.codes.filter { $0.code == present || kinds[$0.code].map(open.contains) ?? false }
        }
        return rule.codes.filter { $0.isActive || $0.code == present }
    }

    /// The states in which a row may begin; all where the network does not say.
    private func beginnings(_ rule: FieldRule) throws -> [FieldRule.Code] {
        let states = try String.fetchSet(
            database,
            sql: """
                SELECT to_value FROM ru_transition WHERE tbl = ? AND col = ? AND from_value IS NULL
                  AND relation NOT IN ('HUB', 'NOBODY')
                """, arguments: [table.name, rule.column])
        return rule.codes.filter { $0.isActive && (states.isEmpty || states.contains($0.code)) }
    }

    private func steps(_ column: String, from value: String) throws -> [FieldRule.Code] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT s.value, s.label FROM ru_state s WHERE s.tbl = ?1 AND s.col = ?2 AND (s.value = ?3 OR EXISTS (
                  SELECT 1 FROM ru_transition t WHERE t.tbl = s.tbl AND t.col = s.col AND t.from_value = ?3
                    AND t.to_value = s.value AND t.relation NOT IN ('HUB', 'NOBODY')))
                ORDER BY s.closed, s.rank, s.value
                """, arguments: [table.name, column, value]
        ).map { FieldRule.Code(code: $0[0], label: $0[1], isActive: true) }
    }

    /// The value as it is typed.
    private func value(_ rule: FieldRule, _ stored: DatabaseValue) -> String {
        switch (stored.storage, rule.kind) {
        case (.null, _): return ""
        case (.int64(let number), .instant):
            return CivilTime.londonMinute(milliseconds: number).replacing(" ", with: "T")
        case (.int64(let number), .integer) where rule.isWeekdays:
            return WorkingDays.words(of: Int(truncatingIfNeeded: number))
        case (.int64(let number), .yesOrNo): return number == 0 ? "no" : "yes"
        case (.int64(let number), .money):
            let pence = number.magnitude % 100
            return "\(number < 0 ? "-" : "")£\(number.magnitude / 100).\(pence < 10 ? "0" : "")\(pence)"
        case (.int64(let number), _): return String(number)
        case (.double(let number), _): return String(number)
        case (.string(let text), _): return text
        case (.blob(let data), _): return Identifier(bytes: Array(data))?.description ?? ""
        }
    }

    /// With what a new row begins: the column's default, where it is one that a reader understands.
    private func initial(_ rule: FieldRule) -> DatabaseValue {
        if let staff, RowNames.staff.contains(rule.column), rule.column != "staff_id" {
            return staff.sqlBlob.databaseValue
        }
        guard let text = rule.manifest.defaultText else { return .null }
        if rule.kind == .instant { return now.databaseValue }
        if rule.kind == .date { return CivilTime.londonDate(milliseconds: now).databaseValue }
        if let number = Int64(text) { return number.databaseValue }
        guard text.hasPrefix("'"), text.hasSuffix("'"), text.count >= 2 else { return .null }
        return String(text.dropFirst().dropLast()).replacing("''", with: "'").databaseValue
    }
}
