package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The planned visits of one day, in words.
package struct VisitDay: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let id: Identifier
        package let caseID: Identifier
        package let code: String
        /// The time of day, by a clock in the United Kingdom.
        package let when: String
        package let place: String
        /// The prison's code; empty where it is not in a prison.
        package let prison: String
        package let kind: String
        package let woman: String
        package let isElsewhere: Bool
    }

    package let lines: [Line]
    /// The days around it, `YYYY-MM-DD`.
    package let before: String
    package let after: String

    /// - Parameter day: a day that exists.
    package init(on day: String, in database: Database) throws {
        let labels = try Labels(database)
        let kind = labels.table("visit").columns.first { $0.name == "type" }
        after = CivilTime.day(after: day)
        before = CivilTime.londonDate(milliseconds: CivilTime.londonInstant(date: day, minutes: 12 * 60) - 86_400_000)
        lines = try DayVisit.planned(on: day, in: database).map { visit in
            let prison = try visit.prison.map { code in
                try String.fetchOne(database, sql: "SELECT name FROM prison WHERE code = ?", arguments: [code]) ?? code
            }
            let name = try String.fetchOne(
                database, sql: "SELECT known_as FROM person WHERE case_id = ? ORDER BY id LIMIT 1",
                arguments: [visit.caseID.sqlBlob])
            let ref = try String.fetchOne(
                database, sql: "SELECT ref FROM case_file WHERE id = ?", arguments: [visit.caseID.sqlBlob])
            return Line(
                id: visit.id, caseID: visit.caseID, code: visit.code.description,
                when: String(CivilTime.londonMinute(milliseconds: visit.plannedAt).dropFirst(11)), place: prison ?? "",
                prison: visit.prison ?? "",
                kind: kind.map { labels.coded(visit.type, $0, "visit") } ?? visit.type,
                woman: name ?? ref ?? "No name", isElsewhere: visit.isElsewhere)
        }
    }
}
