import GRDB
import ReUniteReplica
import ReUniteSync

/// Reads the parts of one case's sheet.
struct SheetReader {
    let id: Identifier
    let database: Database
    let labels: Labels
    let codes: [Identifier: String]
    /// By row.
    let marks: [Identifier: RowAttention]
    let access: RowAccess

    func section(_ table: String, isEvidence: Bool, byHand: Bool) throws -> CaseSheet.Section {
        let words = labels.table(table)
        let names = RowNames(database, labels)
        let records =
            table == "own_note"
            ? try CaseNotes.own(of: id, codes: codes, in: database)
            : try Record.fetch(
                table, where: table == "case_file" ? "id" : "case_id", is: id, codes: codes, in: database)
        let entries = try records.map { try entry($0, of: table, words, names) }
        let isWritable = table == "own_note" || access.mayWrite(table)
        return CaseSheet.Section(
            table: table, label: words.label, help: words.help,
            entries: isEvidence ? entries.sorted { ($0.happened ?? 0) > ($1.happened ?? 0) } : entries,
            mayAdd: isWritable && !byHand, mayChange: isWritable && !isEvidence && table != "consent_override")
    }

    /// The newest rows of a table that hangs on the organisation itself.
    func section(of table: RecordTables.Table, most: Int, isEvidence: Bool) throws -> CaseSheet.Section {
        let words = labels.table(table.name)
        let names = RowNames(database, labels)
        let records = try Record.newest(
            table.name, where: table.scopeColumn, is: id, most: most, codes: codes, in: database)
        let mayWrite = access.mayWrite(table.name)
        return CaseSheet.Section(
            table: table.name, label: words.label, help: words.help,
            entries: try records.map { try entry($0, of: table.name, words, names, hiding: table.scopeColumn) },
            mayAdd: mayWrite, mayChange: mayWrite && !isEvidence)
    }

    private func entry(
        _ record: Record, of table: String, _ words: Labels.Table, _ names: RowNames, hiding scope: String = "case_id"
    ) throws -> CaseSheet.Entry {
        CaseSheet.Entry(
            id: record.id,
            fields: try words.columns.filter { ![scope, "own_file_id"].contains($0.name) }.compactMap { column in
                guard var text = labels.text(of: column, in: table, record) else { return nil }
                if case .blob(let bytes)? = record.values[column.name], let key = Identifier(bytes: bytes),
                    record.partners[String(column.name.dropLast(3))] == nil
                {
                    text = try names.name(of: key, in: names.targets(of: column.name, in: table)) ?? "On record"
                }
                return CaseSheet.Field(column: column.name, label: column.label, text: text)
            },
            isUnsent: marks[record.id]?.isUnsent ?? false,
            conflicts: (marks[record.id]?.conflicts ?? []).map { labels.column(table, $0) },
            happened: happened(record))
    }

    private func happened(_ record: Record) -> Int64? {
        guard case .integer(let time)? = record.values["recorded_for_at"] else { return nil }
        return time
    }

    /// What must not be overlooked.
    func warnings() throws -> [String] {
        let risks = try Row.fetchAll(
            database,
            sql: """
                SELECT kind, level FROM risk_flag WHERE case_id = ? AND active = 1 AND level IN ('HIGH', 'VERY_HIGH')
                ORDER BY level DESC, kind
                """, arguments: [id.sqlBlob]
        ).map {
            "Risk: \(word($0["kind"], "risk_flag", "kind")), \(word($0["level"], "risk_flag", "level").lowercased())"
        }
        let restrictions = try Row.fetchAll(
            database, sql: "SELECT kind, other_party FROM contact_restriction_in_force WHERE case_id = ? ORDER BY id",
            arguments: [id.sqlBlob]
        ).map { row in
            let party: String? = row["other_party"]
            return "In force: \(word(row["kind"], "contact_restriction", "kind"))" + (party.map { " – \($0)" } ?? "")
        }
        let concerns = try Row.fetchAll(
            database,
            sql: """
                SELECT o.at_ms, c.first_name FROM contact_concern_open o LEFT JOIN child c ON c.id = o.child_id
                WHERE o.case_id = ? ORDER BY o.at_ms
                """, arguments: [id.sqlBlob]
        ).map { row in
            let child: String? = row["first_name"]
            let day = CivilTime.londonDate(milliseconds: row["at_ms"])
            return "A concern about her contact with \(child ?? "a child") is open, since \(day)"
        }
        return risks + restrictions + concerns
    }

    func children() throws -> [CaseSheet.Child] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM child WHERE case_id = ? ORDER BY date_of_birth, id", arguments: [id.sqlBlob]
        ).map { row in
            let key = row.identifier("id")
            let care = try Row.fetchOne(
                database,
                sql: """
                    SELECT legal_status, placement_type, from_on FROM child_care_episode
                    WHERE child_id = ? AND to_on IS NULL ORDER BY from_on DESC, id DESC LIMIT 1
                    """, arguments: [key.sqlBlob])
            let stage = try String.fetchOne(
                database, sql: "SELECT stage FROM contact_plan WHERE child_id = ? ORDER BY id DESC LIMIT 1",
                arguments: [key.sqlBlob])
            let name = [row["first_name"] as String?, row["last_name"]].compactMap(\.self).joined(separator: " ")
            let born: String? = row["date_of_birth"]
            let expected: String? = row["expected_on"]
            let lives: String? = row["lives_with"]
            var words = lives.map { word($0, "child", "lives_with") } ?? "Not known"
            if let care {
                let place: String? = care["placement_type"]
                let parts = [
                    place.map { word($0, "child_care_episode", "placement_type") },
                    word(care["legal_status"], "child_care_episode", "legal_status"),
                    "since \(care["from_on"] as String)",
                ]
                words = parts.compactMap(\.self).joined(separator: ", ")
            }
            return CaseSheet.Child(
                id: key, name: name.isEmpty ? "Child without a name" : name,
                born: born ?? expected.map { "Expected \($0)" } ?? "", lives: words,
                stage: stage.map { word($0, "contact_plan", "stage") } ?? "")
        }
    }

    func custody() throws -> [CaseSheet.Field] {
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT e.*, n.name AS prison_name FROM custody_episode e LEFT JOIN prison n ON n.code = e.prison
                    WHERE e.case_id = ? ORDER BY coalesce(e.received_on, '') DESC, e.id DESC LIMIT 1
                    """, arguments: [id.sqlBlob])
        else { return [] }
        let prison: String? = row["prison_name"] ?? row["prison"]
        let release: String? = row["release_date"]
        let kind: String? = row["release_type"]
        func field(_ column: String, _ text: String?) -> CaseSheet.Field? {
            text.map { CaseSheet.Field(column: column, label: labels.column("custody_episode", column), text: $0) }
        }
        return [
            field("prison", prison),
            field("release_date", release.map { row["confirmed"] == 1 ? "\($0), confirmed" : "\($0), not confirmed" }),
            field("release_type", kind.map { word($0, "custody_episode", "release_type") }),
        ].compactMap(\.self)
    }

    private func word(_ code: String, _ table: String, _ column: String) -> String {
        guard let found = labels.table(table).columns.first(where: { $0.name == column }) else { return code }
        return labels.coded(code, found, table)
    }
}
