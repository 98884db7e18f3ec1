import GRDB
import ReUniteReplica
import ReUniteSync

/// What one line of a file says, by the rows that it makes.
struct ImportLine {
    struct Cell {
        let value: FieldReading.Value
        let rule: FieldRule
        /// The file's column; nil for what every row has.
        let place: Int?
    }

    let number: Int
    private(set) var parts: [ImportMapping.Part: [String: Cell]] = [:]
    /// The parts that a cell of the line itself asks for.
    private(set) var asked: Set<ImportMapping.Part> = []

    init(number: Int) { self.number = number }

    mutating func put(_ value: FieldReading.Value, _ target: ImportMapping.Target, _ place: Int) {
        guard value != .none else { return }
        parts[target.part, default: [:]][target.rule.column] = Cell(value: value, rule: target.rule, place: place)
        asked.insert(target.part)
    }

    /// A value that every row has makes no row by itself, and gives way to a cell.
    mutating func put(constant value: FieldReading.Value, _ target: ImportMapping.Target) {
        guard value != .none, parts[target.part]?[target.rule.column] == nil else { return }
        parts[target.part, default: [:]][target.rule.column] = Cell(value: value, rule: target.rule, place: nil)
    }
}

/// Puts in the rows of lines, each line whole or not at all.
struct ImportWriter {
    struct Wrong: Error {
        let place: Int?
        let why: String
        let advice: String

        /// - Parameter hasNames: whether rows of that kind are called anything.
        static func nameless(at place: Int?, hasNames: Bool) -> Wrong {
            Wrong(
                place: place, why: hasNames ? "no single row here is called that" : "no row here has that id",
                advice: hasNames
                    ? "Use its name or reference as it stands here, or its id; what it names has to be imported first"
                    : "Use the id of a row that is here: such rows have no names")
        }
    }

    /// A row of the same table that a cell names by an id that was not here yet: it may come later in the file.
    struct Promise {
        let table: String
        let id: Identifier
        let line: Int
        let place: Int?
    }

    enum Outcome {
        case written([Wrong])
        case here
        case refused([Wrong])
    }

    struct Made: Hashable {
        let table: String
        let id: Identifier
        let line: Int
    }

    let database: Database
    let tables: RecordTables
    private let partner: Identifier
    private let main: String
    private let now: Int64
    private var finder: RowFinder
    private(set) var made: [Made] = []
    private(set) var madeKeys: Set<Identifier> = []
    private(set) var promises: [Promise] = []
    /// The file's column of each cell of a row: where a doubt about it stands.
    private(set) var places: [Identifier: [String: Int]] = [:]

    init(_ database: Database, tables: RecordTables, partner: Identifier, main: String, now: Int64) {
        self.database = database
        self.tables = tables
        self.partner = partner
        self.main = main
        self.now = now
        finder = RowFinder(database)
    }

    var counts: [String: Int] { made.reduce(into: [:]) { $0[$1.table, default: 0] += 1 } }

    mutating func write(_ line: ImportLine) throws -> Outcome {
        let start = made.count
        var result = Outcome.written([])
        try database.inSavepoint {
            do {
                result = try writeParts(line)
            } catch let wrong as Wrong {
                result = .refused([wrong])
            } catch let failure as Failure {
                result = .refused([Wrong(place: nil, why: failure.why, advice: failure.remedy)])
            }
            if case .written = result { return .commit }
            return .rollback
        }
        if case .written = result {
            madeKeys.formUnion(made[start...].map(\.id))
        } else {
            made.removeSubrange(start...)
        }
        return result
    }

    private mutating func writeParts(_ line: ImportLine) throws -> Outcome {
        var asked = line.asked
        asked.insert(ImportMapping.Part(table: main, ordinal: 1))
        var caseID: Identifier?
        let scope = tables[main]?.scopeKind
        let first = ImportMapping.Part(table: "case_file", ordinal: 1)
        if scope == "case", main != "case_file" {
            if let cell = line.parts[ImportMapping.Part(table: main, ordinal: 1)]?["case_id"],
                case .name(let text) = cell.value
            {
                do {
                    caseID = try finder.caseFile(text)
                } catch let failure as Failure {
                    throw Wrong(place: cell.place, why: failure.why, advice: failure.remedy)
                }
            } else if main == "person" {
                asked.insert(first)
            } else {
                throw Wrong(
                    place: nil, why: "it does not say whose it is",
                    advice: "Head a column case_id (Case) and give the case's reference in it")
            }
        }
        if main == "case_file",
            line.parts.keys.contains(where: { $0.table == "person" && line.asked.contains($0) }) == false,
            line.asked.contains(where: { $0.table != "case_file" })
        {
            // What hangs on a woman needs her.
            asked.insert(ImportMapping.Part(table: "person", ordinal: 1))
        }
        let order = asked.sorted { (rank($0.table), $0.ordinal) < (rank($1.table), $1.ordinal) }
        var ids: [ImportMapping.Part: Identifier] = [:]
        var warnings: [Wrong] = []
        for part in order {
            guard let table = tables[part.table] else { continue }
            let cells = line.parts[part] ?? [:]
            if part.table == main, try isKnown(table, cells) { return .here }
            let scope = Scope(caseID: caseID, ids: ids, line: line.number)
            var values = try row(table, cells, part, scope, &warnings)
            if part.table == main {
                switch try sameRow(table, cells, values) {
                case .same: return .here
                case .more:
                    warnings.append(
                        Wrong(
                            place: nil, why: "a row that is here says the same, and more",
                            advice: "Both are kept; decide which is right"))
                case .none: break
                }
            }
            if part == first, caseID == nil, values["ref"] == nil {
                values["ref"] = try CaseFiles.reference(for: partner, in: database, now: now).databaseValue
            }
            try ask(table, &values, cells, &warnings)
            let rules = ImportRules(table: table, cells: cells)
            try rules.order(values)
            let id: Identifier
            do {
                id = try insert(part.table, values)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw rules.refused(error)
            }
            made.append(Made(table: part.table, id: id, line: line.number))
            places[id] = cells.compactMapValues(\.place)
            ids[part] = id
            if part == first { caseID = id }
        }
        return .written(warnings)
    }

    private func rank(_ table: String) -> Int {
        switch table {
        case "case_file": 0
        case "person": 1
        default: tables[table]?.number ?? 0
        }
    }

    /// What a row of a line may take from the line's other rows.
    private struct Scope {
        let caseID: Identifier?
        let ids: [ImportMapping.Part: Identifier]
        let line: Int
    }

    /// The values of one row.
    private mutating func row(
        _ table: RecordTables.Table, _ cells: [String: ImportLine.Cell], _ part: ImportMapping.Part, _ scope: Scope,
        _ warnings: inout [Wrong]
    ) throws -> [String: DatabaseValue] {
        let (caseID, ids) = (scope.caseID, scope.ids)
        var values: [String: DatabaseValue] = [:]
        for rule in table.rules {
            let cell = cells[rule.column]
            switch (cell?.value, rule.kind) {
            case (.value(let value), _): values[rule.column] = value
            case (.name(let text), .row(let tables)):
                let found = try finder.row(text, in: tables, caseID: caseID, self.tables)
                guard
                    let id = found ?? (ImportWriter.mayBeElsewhere(table, tables) ? Identifier(text.lowercased()) : nil)
                else { throw Wrong.nameless(at: cell?.place, hasNames: try finder.hasNames(tables)) }
                if found == nil, tables == [table.name] {
                    promises.append(Promise(table: table.name, id: id, line: scope.line, place: cell?.place))
                } else if found == nil {
                    warnings.append(
                        Wrong(
                            place: cell?.place, why: "no member of staff here has that id",
                            advice: "It is kept: other partners' staff are not here; compare it with the paper"))
                }
                values[rule.column] = id.sqlBlob.databaseValue
            case (_, .caseFile): values[rule.column] = caseID?.sqlBlob.databaseValue
            case (_, .partner) where rule.column == table.scopeColumn || rule.column == "owner_partner_id":
                values[rule.column] = partner.sqlBlob.databaseValue
            case (_, .row(let tables)) where rule.isRequired:
                let near = tables.flatMap {
                    [ImportMapping.Part(table: $0, ordinal: part.ordinal), .init(table: $0, ordinal: 1)]
                }
                if let id = try near.lazy.compactMap({ ids[$0] }).first
                    ?? finder.only(in: tables.first, caseID: caseID, self.tables)
                {
                    values[rule.column] = id.sqlBlob.databaseValue
                    continue
                }
                fallthrough
            case _ where rule.isRequired:
                throw Wrong(
                    place: cell?.place, why: "\(rule.column) (\(rule.label)) is missing",
                    advice: "Fill it in: each row needs one")
            default: continue
            }
        }
        try number(table, cells, &values, &warnings)
        return values
    }

    /// Whether an id may be that of a row that is not here: one that comes later in the file, or of another partner's
    /// staff, who stay with it when a case moves on.
    private static func mayBeElsewhere(_ table: RecordTables.Table, _ named: [String]) -> Bool {
        named == [table.name] || named == ["staff_user"]
    }

    /// What is said of a line's numbers while its errors keep it from being written: a person mends both at once.
    func remarks(on line: ImportLine) throws -> [Wrong] {
        var warnings: [Wrong] = []
        for (part, cells) in line.parts where line.asked.contains(part) {
            guard let table = tables[part.table] else { continue }
            var values = cells.compactMapValues { cell -> DatabaseValue? in
                if case .value(let value) = cell.value { value } else { nil }
            }
            try number(table, cells, &values, &warnings)
        }
        return warnings
    }

    /// Numbers by which agencies know a woman, in their one form; an invalid one is kept and said to be so.
    private func number(
        _ table: RecordTables.Table, _ cells: [String: ImportLine.Cell], _ values: inout [String: DatabaseValue],
        _ warnings: inout [Wrong]
    ) throws {
        if table.name == "person_identifier", let code = String.fromDatabaseValue(values["type"] ?? .null),
            let type = IdentifierType(rawValue: code), let text = String.fromDatabaseValue(values["value"] ?? .null)
        {
            let year = Int(CivilTime.londonDate(milliseconds: now).prefix(4)) ?? 2000
            switch type.check(text, year: year) {
            case .valid(let canonical): values["value"] = canonical.databaseValue
            case .invalid(let reason):
                warnings.append(
                    Wrong(
                        place: cells["value"]?.place, why: reason,
                        advice: "It is kept as it is, and never says that two women are one"))
            }
        }
        if table.name == "person_phone", let text = String.fromDatabaseValue(values["number"] ?? .null) {
            let digits = text.filter { !$0.isWhitespace }
            if digits.count == 10, digits.allSatisfy(\.isNumber), "127".contains(digits.prefix(1)) {
                values["number"] = ("0" + digits).databaseValue
                warnings.append(
                    Wrong(
                        place: cells["number"]?.place, why: "the spreadsheet took away the zero in front",
                        advice: "It was put back; compare it with the paper"))
            }
        }
    }

    private func insert(_ table: String, _ values: [String: DatabaseValue]) throws -> Identifier {
        let columns = values.keys.sorted()
        let sql = """
            INSERT INTO \(quoted(table))(\(columns.map(quoted).joined(separator: ", ")))
            VALUES(\(columns.map { _ in "?" }.joined(separator: ", "))) RETURNING id
            """
        let row = try Row.fetchOne(
            try database.cachedStatement(sql: sql), arguments: StatementArguments(columns.map { values[$0] ?? .null }))
        guard let row else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return row.identifier("id")
    }
}
