import GRDB
import ReUniteReplica
import ReUniteSync

/// What the hub reads of a network's rules: orders of states, allowed steps, guarded columns, and what grants depend
/// on. All of it is data in the network's schema.
struct HubSchema: Sendable {
    let tables: SchemaDescription
    /// The tables as they were at earlier versions.
    let history: SchemaHistory
    private let orders: [Column: StateOrder]
    private let steps: [Column: Set<Step>]
    /// Columns in which a new row names its author's partner.
    private let authorColumns: Set<Column>
    /// Who alone may change a column of a row that exists.
    private let writers: [Column: Set<String>]
    private let protections: [Column: [String?: Int64]]
    /// Columns that only the hub or the owner may write.
    let restricted: RestrictedColumns
    /// The classes that rows have by a value of their own, by table.
    let rowClasses: [UInt16: (column: Int, classes: [String?: UInt8])]
    private let dependencies: [String: [String]]
    /// The table in which owners find what others propose to them; nil where the network has none.
    let proposals: TableDescription?
    /// Which of the views that a network may do without it has.
    private let views: Set<String>
    /// The columns that should tell rows apart, by table.
    let naturalKeys: [UInt16: [NaturalKey]]
    /// Tables that refer to a table, with the column that does.
    private let children: [UInt16: [(table: TableDescription, column: String)]]

    /// The whole numbers that columns may say, by table and by the place of the column in it.
    private let bounds: [UInt16: [Int: ClosedRange<Int64>]]

    /// Tables whose rows may give the hub something to do, though they move no grant.
    private let dutyTables: Set<String>

    /// Rules that a network may do without.
    enum OptionalView: String {
        /// What the hub shall do by itself, and which subjects a change in a scope concerns besides.
        case duty = "ru_duty"
        case dutyReach = "ru_duty_reach"
        /// The same of rows that all share.
        case dutyShared = "ru_duty_shared"
        /// Tables whose rows move no grant and may give the hub something to do.
        case dutyTable = "ru_duty_table"
        /// Which part of what their partner may hold field devices hold.
        case deviceScope = "ru_device_scope"
        /// Which grants the rows move that do not name their scope.
        case grantReach = "ru_grant_reach"
        /// Scopes whose grants depend on the day.
        case timedScope = "ru_timed_scope"
        /// Steps that nobody may take for now.
        case `guard` = "ru_guard"
        /// What is written along with a step: a preview of the step must know.
        case stepEffect = "ru_step_effect"
        /// Closings after which nothing late is taken, whenever it was written.
        case strictClosing = "ru_strict_closing"
        /// Until when a staff member's edits count, and the role that operators are shown.
        case authorUntil = "ru_author_until"
        case authorRole = "ru_author_role"
    }

    struct Column: Hashable {
        let table: String
        let column: String
    }

    private struct Step: Hashable {
        let from: String?
        let to: String
        let relation: String
    }

    init(_ database: Database, _ network: NetworkSchema) throws {
        let tables = try ManifestReader.read(database)
        self.tables = tables
        history = SchemaHistory(network)
        let views = Set(try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'"))
        func rows(_ view: String) throws -> [Row] {
            // A network without workflows need not declare these views.
            views.contains(view) ? try Row.fetchAll(database, sql: "SELECT * FROM \(quoted(view))") : []
        }
        dutyTables = Set(try rows(OptionalView.dutyTable.rawValue).map { $0["tbl"] })
        var places: [Column: [String: StateOrder.Place]] = [:]
        for row in try rows("ru_state") {
            places[Column(table: row["tbl"], column: row["col"]), default: [:]][row["value"]] =
                StateOrder.Place(closed: row["closed"], rank: row["rank"])
        }
        orders = places.mapValues { StateOrder(places: $0) }
        var protections: [Column: [String?: Int64]] = [:]
        for row in try rows("ru_protection") {
            let value: String? = row["value"]
            protections[Column(table: row["tbl"], column: row["col"]), default: [:]][value] = row["rank"] as Int64
        }
        self.protections = protections
        restricted = try RestrictedColumns(database, tables: tables)
        var steps: [Column: Set<Step>] = [:]
        for row in try rows("ru_transition") {
            steps[Column(table: row["tbl"], column: row["col"]), default: []]
                .insert(Step(from: row["from_value"], to: row["to_value"], relation: row["relation"]))
        }
        self.steps = steps
        authorColumns = Set(try rows("ru_author_column").map { Column(table: $0["tbl"], column: $0["col"]) })
        var writers: [Column: Set<String>] = [:]
        for row in try rows("ru_column_writer") {
            writers[Column(table: row["tbl"], column: row["col"]), default: []].insert(row["relation"])
        }
        self.writers = writers
        var dependencies: [String: [String]] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT tbl, scope_column FROM ru_grant_dependency") {
            dependencies[row["tbl"], default: []].append(row["scope_column"])
        }
        self.dependencies = dependencies
        rowClasses = try HubSchema.rowClasses(tables, try rows("ru_row_class"), database)
        self.views = views
        let proposals = try rows("ru_proposal_table").first.map { $0["tbl"] as String }
        self.proposals = tables.tables.first { $0.name == proposals }
        var bounds: [UInt16: [Int: ClosedRange<Int64>]] = [:]
        for row in try rows("ru_bound") {
            let (name, column): (String, String) = (row["tbl"], row["col"])
            let (least, most): (Int64, Int64) = (row["least"], row["most"])
            guard let table = tables.tables.first(where: { $0.name == name }), least <= most,
                let place = table.columns.firstIndex(where: { $0.name == column })
            else { continue }
            bounds[table.number, default: [:]][place] = least...most
        }
        self.bounds = bounds
        naturalKeys = try NaturalKey.byTable(try rows("ru_natural_key"), tables)
        var children: [UInt16: [(table: TableDescription, column: String)]] = [:]
        for table in tables.tables {
            for reference in table.references {
                let column = reference.column.map { table.columns[$0].name } ?? "id"
                children[reference.table, default: []].append((table, column))
            }
        }
        self.children = children
    }

    /// Whether the network declares one of the views that it may do without.
    func has(_ view: OptionalView) -> Bool { views.contains(view.rawValue) }

    func givesDuties(_ table: TableDescription) -> Bool { dutyTables.contains(table.name) }

    /// The policy of a cell.
    func policy(_ table: TableDescription, group: UInt8) -> any CellPolicy {
        switch table.policy(of: group) {
        case .review: return Review()
        case .append: return AppendOnly()
        case .state:
            let column = table.columns.first { $0.group == group }?.name ?? ""
            return orders[Column(table: table.name, column: column)] ?? StateOrder(places: [:])
        case .mostProtective:
            let columns = table.columns.filter { $0.group == group }
            return ProtectionOrder(ranks: columns.map { protections[Column(table: table.name, column: $0.name)] })
        case .set: return AddWins()
        // A counter and an allocation have one value, which the hub works out.
        case .lww, .counter, .alloc, .hubOnly, .ownerOnly, nil: return LastWriterWins()
        }
    }

    /// Whether someone in one of these relations may take a step. A new row takes the step from nil.
    func allows(
        _ table: TableDescription, column: String, from: String?, to: String, relations: Set<String>?
    ) -> Bool {
        guard let steps = steps[Column(table: table.name, column: column)] else { return true }
        return steps.contains { step in
            step.from == from && step.to == to && (relations.map { $0.contains(step.relation) } ?? true)
        }
    }

    /// The states to which one declared step leads, whoever takes it.
    func next(_ table: TableDescription, column: String, from: String) -> Set<String> {
        Set(steps[Column(table: table.name, column: column), default: []].filter { $0.from == from }.map(\.to))
    }

    /// The states to which someone in these relations (nil: anybody) can take a row without anybody else, and those to
    /// which the hub may take it then.
    func reach(_ table: TableDescription, column: String, from: String, by relations: Set<String>?) -> Set<String> {
        let declared = steps[Column(table: table.name, column: column), default: []]
        var reached: Set<String> = [from]
        var edge = reached
        while !edge.isEmpty {
            let further = declared.filter { step in
                relations?.contains(step.relation) ?? true && step.from.map { edge.contains($0) } ?? false
            }
            edge = Set(further.map(\.to)).subtracting(reached)
            reached.formUnion(edge)
        }
        for step in declared where step.relation == "HUB" {
            if let from = step.from, reached.contains(from) { edge.insert(step.to) }
        }
        return reached.union(edge).subtracting([from])
    }

    /// Whether new rows of this column may only begin in declared states.
    func declaresBeginnings(_ table: TableDescription, column: String) -> Bool {
        steps[Column(table: table.name, column: column)]?.contains { $0.from == nil } ?? false
    }

    /// The places of the columns in which a new row names its author's partner.
    func authorColumns(of table: TableDescription) -> [Int] {
        table.columns.indices.filter {
            authorColumns.contains(Column(table: table.name, column: table.columns[$0].name))
        }
    }

    /// Whether someone in these relations may change the group of a row that exists.
    func mayChange(_ table: TableDescription, group: UInt8, relations: Set<String>) -> Bool {
        for column in table.columns where column.group == group {
            if let allowed = writers[Column(table: table.name, column: column.name)],
                allowed.isDisjoint(with: relations)
            {
                return false
            }
        }
        return true
    }

    /// The columns of a table that name scopes whose grants a change of its rows may move.
    func grantColumns(of table: TableDescription) -> [String] {
        dependencies[table.name] ?? []
    }

    /// Whether a column may say a value, as far as the network bounds its whole numbers.
    func isWithin(_ table: TableDescription, column place: Int, _ value: Value) -> Bool {
        guard case .integer(let number) = value, let range = bounds[table.number]?[place] else { return true }
        return range.contains(number)
    }

    func children(of table: TableDescription) -> [(table: TableDescription, column: String)] {
        children[table.number] ?? []
    }
}
