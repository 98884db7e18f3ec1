import ReUniteSync

/// A line of a map: what a heading, or a word under it, means.
package struct MapLine: Hashable, Sendable {
    /// The heading; empty for a value that every row has.
    package let heading: String
    /// `column`, `table.column`, `table 2.column`, or `-` to leave the heading out. Empty where only a word is mapped.
    package let column: String
    /// A word as the file has it; empty for the heading itself.
    package let value: String
    /// What stands for it; empty to leave the cell empty.
    package let meaning: String

    package init(heading: String, column: String, value: String = "", meaning: String = "") {
        self.heading = heading
        self.column = column
        self.value = value
        self.meaning = meaning
    }

    /// Reads a map: CSV with the headings `heading`, `column`, `value` and `meaning`, the last two if wanted.
    ///
    /// - Throws: ``Failure`` (badData).
    package static func read(_ bytes: [UInt8]) throws -> [MapLine] {
        let file = try CSVFile(bytes)
        let names = file.headings.cells.map { FieldRule.plain($0) }
        guard let heading = names.firstIndex(of: "heading"), let column = names.firstIndex(of: "column") else {
            throw Failure(
                .badData, what: "Reading the map", why: "its first line does not name 'heading' and 'column'",
                remedy: "Begin it with the line heading,column,value,meaning")
        }
        let (value, meaning) = (names.firstIndex(of: "value"), names.firstIndex(of: "meaning"))
        return file.records.map { record in
            func cell(_ place: Int?) -> String {
                guard let place, place < record.cells.count else { return "" }
                return CSVText.typed(record.cells[place])
            }
            return MapLine(heading: cell(heading), column: cell(column), value: cell(value), meaning: cell(meaning))
        }
    }
}

/// Which column of which table each column of a file fills.
struct ImportMapping {
    /// A row that a line makes: a table, and which of several.
    struct Part: Hashable {
        let table: String
        let ordinal: Int
    }

    struct Target {
        let part: Part
        let rule: FieldRule
    }

    /// By the file's column.
    private(set) var targets: [Int: Target] = [:]
    /// Headings that the map leaves out, and columns without heading that are empty.
    private(set) var left: [Int] = []
    /// What every row has.
    private(set) var constants: [(target: Target, text: String)] = []
    /// Words by the file's column: what they stand for, in any way of writing them.
    private(set) var words: [Int: [String: String]] = [:]
    /// Headings of what only the hub writes: left out as well.
    private(set) var hubOnly: [Int] = []
    private(set) var unknown: [Int] = []
    /// Columns of the file that fill what another fills already.
    private(set) var twice: [Int] = []

    /// - Throws: ``Failure`` (badData) for a map that names what is not there.
    init(_ file: CSVFile, table: String, tables: RecordTables, map: [MapLine]) throws {
        let headings = file.headings.cells.map { CSVText.typed($0) }
        func places(_ heading: String) -> [Int] {
            headings.indices.filter { FieldRule.plain(headings[$0]) == FieldRule.plain(heading) }
        }
        var chosen: [Int: String] = [:]
        for line in map {
            if line.heading.isEmpty {
                guard !line.column.isEmpty else { continue }
                constants.append((try ImportMapping.target(line.column, table, tables), line.meaning))
                continue
            }
            let found = places(line.heading)
            guard !found.isEmpty else {
                throw ImportMapping.wrong("it names the heading '\(line.heading)', which the file does not have")
            }
            for place in found {
                if !line.column.isEmpty { chosen[place] = line.column }
                if !line.value.isEmpty { words[place, default: [:]][ImportMapping.word(line.value)] = line.meaning }
            }
        }
        var filled: Set<String> = []
        for (place, heading) in headings.enumerated() {
            let target: Target?
            if let column = chosen[place] {
                guard column != "-" else {
                    left.append(place)
                    continue
                }
                target = try ImportMapping.target(column, table, tables)
            } else if heading.isEmpty {
                let isEmpty = file.records.allSatisfy {
                    place >= $0.cells.count || CSVText.tidy($0.cells[place]).isEmpty
                }
                if isEmpty { left.append(place) } else { unknown.append(place) }
                continue
            } else {
                target = ImportMapping.guess(heading, table, tables)
            }
            guard let target else {
                if tables[table]?.hubOnly.contains(FieldRule.plain(heading)) == true {
                    hubOnly.append(place)
                } else {
                    unknown.append(place)
                }
                continue
            }
            let name = "\(target.part.table) \(target.part.ordinal).\(target.rule.column)"
            guard filled.insert(name).inserted else {
                twice.append(place)
                continue
            }
            targets[place] = target
        }
    }

    /// A word in any way of writing it; a sign without letters or digits is itself alone.
    static func word(_ text: String) -> String {
        let plain = FieldRule.plain(text)
        return plain.isEmpty ? text : plain
    }

    /// What a heading says by itself: a column's name or label, of the table or, for a case, of the woman; or
    /// `table.column`.
    private static func guess(_ heading: String, _ table: String, _ tables: RecordTables) -> Target? {
        if heading.contains("."), let target = try? target(heading.lowercased(), table, tables) { return target }
        let text = FieldRule.plain(heading)
        for name in ImportMapping.near(table) {
            guard let rules = tables[name]?.rules else { continue }
            let named = rules.filter { FieldRule.plain($0.column) == text }
            let labelled = rules.filter {
                // As an export heads a column for people.
                FieldRule.plain($0.label) == text || FieldRule.plain($0.label + $0.manifest.unit) == text
            }
            guard let rule = named.first ?? (labelled.count == 1 ? labelled.first : nil) else { continue }
            if name != table, rule.kind == .key || rule.kind == .caseFile { continue }
            return Target(part: Part(table: name, ordinal: 1), rule: rule)
        }
        return nil
    }

    /// The tables whose columns a heading may name without saying so.
    private static func near(_ table: String) -> [String] {
        switch table {
        case "case_file": ["case_file", "person"]
        case "person": ["person", "case_file"]
        default: [table]
        }
    }

    /// `column`, `table.column` or `table 2.column`.
    private static func target(_ text: String, _ table: String, _ tables: RecordTables) throws -> Target {
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        var name = table
        var ordinal = 1
        if parts.count == 2 {
            let words = parts[0].split(separator: " ").map(String.init)
            name = words.first ?? ""
            if words.count == 2, let number = Int(words[1]), (1...20).contains(number) { ordinal = number }
        }
        guard let found = tables[name] else {
            throw wrong("it names the table '\(name)', into which nothing can be imported")
        }
        guard name == table || found.scopeKind == "case" && near(table).count == 2 else {
            throw wrong("only a line that is about a woman or her case can make rows of other tables as well")
        }
        guard let rule = found.rule(parts[parts.count - 1]) else {
            let columns = found.rules.filter { $0.kind != .key }.map(\.column).joined(separator: ", ")
            throw wrong(
                "it names the column '\(parts[parts.count - 1])', which \(name) does not have",
                "Use one of its columns: \(columns)")
        }
        return Target(part: Part(table: name, ordinal: ordinal), rule: rule)
    }

    private static func wrong(
        _ why: String, _ remedy: String = "Mend the map; docs/import.md says what it may hold"
    ) -> Failure {
        Failure(.badData, what: "Reading the map", why: why, remedy: remedy)
    }
}
