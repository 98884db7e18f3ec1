package import GRDB
import ReUniteReplica
import ReUniteSync

/// What a day's sheet says, in the words of the code lists.
package struct InsideWords: Sendable {
    package struct Line: Hashable, Sendable {
        package let id: String
        package let when: String
        package let woman: String
        package let code: String
        package let ref: String
        /// That its outcome is on record, and of what time; empty where it is not.
        package let recorded: String
    }

    package struct Woman: Hashable, Sendable {
        package let id: String
        package let name: String
        package let line: String
        package let warnings: [String]
        package let facts: [CaseSheet.Field]
        package let children: [String]
        package let needs: [String]
        /// Whether the case is in this replica, so that what is typed has a place.
        package let mayWrite: Bool
        package let recorded: String
    }

    package let visits: [Line]
    /// By which leave the laptop is here.
    package let authorisation: [CaseSheet.Field]
    private let labels: Labels
    private let recorded: [String: String]

    /// - Parameter kept: see ``InsideEntry/recorded(_:)``.
    package init(_ sheet: VisitSheet, kept: [String: Int64], _ database: Database) throws {
        labels = try Labels(database)
        let recorded = try InsideWords.recorded(sheet, kept, database)
        self.recorded = recorded
        visits = sheet.visits.map { visit in
            Line(
                id: visit.id, when: String(CivilTime.londonMinute(milliseconds: visit.plannedMs).dropFirst(11)),
                woman: visit.woman.knownAs ?? "No name", code: visit.code, ref: visit.woman.ref ?? "",
                recorded: recorded[visit.id] ?? "")
        }
        let prison = sheet.prisons.first
        authorisation = [
            InsideWords.field("Day", sheet.day), InsideWords.field("Governor's reference", prison?.governorRef),
            InsideWords.field("Laptop", prison?.deviceSerial), InsideWords.field("Stick", prison?.mediaSerial),
            InsideWords.field("Leave ends", prison?.validTo),
        ].compactMap(\.self)
    }

    package func visit(_ visit: VisitSheet.Visit, _ database: Database) throws -> Woman {
        let woman = visit.woman
        let legal = [woman.legalFirst, woman.legalLast].compactMap(\.self).joined(separator: " ")
        let release = [woman.releaseDate, woman.releaseType.map { word($0, "custody_episode", "release_type") }]
        let isHere = try Identifier(woman.caseFile).map { id in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)", arguments: [id.sqlBlob]) ?? false
        }
        return Woman(
            id: visit.id, name: woman.knownAs ?? "No name",
            line: [
                visit.code, String(CivilTime.londonMinute(milliseconds: visit.plannedMs)),
                word(visit.type, "visit", "type"),
            ]
            .joined(separator: " · "),
            warnings: woman.risks.map {
                "Risk: \(word($0.kind, "risk_flag", "kind")), \(word($0.level, "risk_flag", "level").lowercased())"
            }
                + woman.restrictions.map {
                    "In force: \(word($0.kind, "contact_restriction", "kind"))"
                        + ($0.otherParty.map { " – \($0)" } ?? "")
                },
            facts: [
                InsideWords.field("Case", woman.ref), InsideWords.field("Name", legal.isEmpty ? nil : legal),
                InsideWords.field("Born", woman.dateOfBirth), InsideWords.field("Prison number", woman.prisonNumber),
                InsideWords.field(
                    "Language", woman.language.map { $0 + (woman.interpreter ? ", needs an interpreter" : "") }),
                InsideWords.field("Release", release.compactMap(\.self).joined(separator: ", ")),
                InsideWords.field("Planned by", visit.worker),
            ].compactMap(\.self),
            children: woman.children.map {
                [$0.firstName ?? "Child", $0.dateOfBirth.map { "born \($0)" }].compactMap(\.self).joined(
                    separator: ", ")
            },
            needs: woman.needs.map {
                [
                    word($0.category, "need", "category"), $0.section.map { word($0, "need", "section") },
                    word($0.status, "need", "status"),
                ].compactMap(\.self).joined(separator: ", ")
            }, mayWrite: isHere ?? false, recorded: recorded[visit.id] ?? "")
    }

    private static func recorded(
        _ sheet: VisitSheet, _ kept: [String: Int64], _ database: Database
    ) throws -> [String: String] {
        try sheet.visits.reduce(into: [:]) { words, visit in
            let written = try Identifier(visit.id).flatMap { id in
                try Int64.fetchOne(
                    database,
                    sql: "SELECT recorded_for_at FROM visit WHERE id = ? AND attended IS NOT NULL",
                    arguments: [id.sqlBlob])
            }
            guard let time = kept[visit.id] ?? written else { return }
            words[visit.id] = "Recorded, \(CivilTime.londonMinute(milliseconds: time).dropFirst(11))"
        }
    }

    private static func field(_ label: String, _ text: String?) -> CaseSheet.Field? {
        guard let text, !text.isEmpty else { return nil }
        return CaseSheet.Field(column: "", label: label, text: text)
    }

    private func word(_ code: String, _ table: String, _ column: String) -> String {
        guard let found = labels.table(table).columns.first(where: { $0.name == column }) else { return code }
        return labels.coded(code, found, table)
    }
}
