package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A visit that is planned for a day and has no outcome yet.
package struct DayVisit: Hashable, Sendable {
    package let id: Identifier
    package let caseID: Identifier
    /// A code of `visit.type`.
    package let type: String
    /// The prison's code; nil where it is not in a prison.
    package let prison: String?
    /// Milliseconds since 1970.
    package let plannedAt: Int64
    /// The name of the staff member who planned it.
    package let worker: String?
    /// Whether the hub knows her to be in another prison now.
    package let isElsewhere: Bool

    package var code: VisitCode { VisitCode(of: id) }

    /// What is not carried into a prison because nobody goes there.
    private static let outside: Set<String> = ["VIDEO", "COMMUNITY"]

    package var isInPrison: Bool { prison != nil && !DayVisit.outside.contains(type) }

    /// The visits of a day in the United Kingdom, in the order of the day.
    ///
    /// - Parameter prisons: codes in capitals; empty for everywhere.
    package static func planned(
        on day: String, prisons: Set<String> = [], in database: Database
    ) throws -> [DayVisit] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT v.id, v.case_id, v.type, v.prison, v.planned_at, v.flag, s.display_name
                FROM visit v LEFT JOIN staff_user s ON s.id = v.planned_by
                WHERE v.planned_at >= ? AND v.planned_at < ? AND v.attended IS NULL ORDER BY v.planned_at, v.id
                """,
            arguments: [
                CivilTime.londonInstant(date: day, minutes: 0),
                CivilTime.londonInstant(date: CivilTime.day(after: day), minutes: 0),
            ])
        return rows.map {
            DayVisit(
                id: $0.identifier("id"), caseID: $0.identifier("case_id"), type: $0["type"], prison: $0["prison"],
                plannedAt: $0["planned_at"], worker: $0["display_name"],
                isElsewhere: ($0["flag"] as String?) == "PRISON_CHANGED")
        }.filter { visit in prisons.isEmpty || visit.prison.map { prisons.contains($0.uppercased()) } == true }
    }

    /// - Throws: ``Failure`` (usage) unless the text is a day that exists.
    package static func day(_ text: String?, now: Int64) throws -> String {
        guard let text else { return CivilTime.day(after: CivilTime.londonDate(milliseconds: now)) }
        guard CivilTime.isDate(text) else {
            throw Failure(
                .usage, what: "Looking for visits", why: "the day is not a date", remedy: "Write it as YYYY-MM-DD")
        }
        return text
    }
}
