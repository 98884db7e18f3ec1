import GRDB

/// Reoffending: of women released by some day, and whose word it is.
extension Measure {
    /// - Parameter releases: which releases `r` count, as SQL.
    static func reoffending(
        _ id: String, _ label: String, _ definition: String, benchmarks: [String] = [], of releases: String
    ) -> Measure {
        Measure(
            id, label, definition, benchmarks: benchmarks, releases: releases,
            """
            SELECT w.area, w.subject, EXISTS (SELECT 1 FROM event e WHERE \(offence))
            FROM release r JOIN woman w ON w.case_id = r.case_id WHERE \(releases)
            """)
    }

    /// An event `e` is an offence that counts after a release `r`.
    private static let offence = """
        e.case_id = r.case_id AND e.kind = 'REOFFENCE'
          AND e.occurred_on >= r.day AND e.occurred_on < date(r.day, '+12 months')
          AND e.proven_on < date(r.day, '+18 months') AND e.proven_on <= :d AND e.disposal IN ('CONVICTION', 'CAUTION')
        """

    /// Who told of the offences that count, and of how many women; nil where the measure is none of reoffending.
    func sources(asAt day: String, in database: Database) throws -> [OutcomeReport.Source]? {
        guard let releases else { return nil }
        return try Row.fetchAll(
            database,
            sql: Measure.common + """
                SELECT e.source, coalesce(max(c.label), e.source) AS label, count(DISTINCT w.subject) AS women
                FROM release r JOIN woman w ON w.case_id = r.case_id JOIN event e ON \(Measure.offence)
                LEFT JOIN code_value c ON c.list = 'outcome_event.source' AND c.code = e.source
                WHERE \(releases) GROUP BY e.source ORDER BY max(c.sort), e.source
                """, arguments: StatementArguments(Measure.arguments(asAt: day))
        ).map { OutcomeReport.Source(source: $0["source"], label: $0["label"], women: $0["women"]) }
    }

    /// Of how many women the eighteen months are not over at the end of the day: what is counted of them is interim. Nil
    /// where there are none, or the measure is none of reoffending.
    func interim(asAt day: String, in database: Database) throws -> Int? {
        guard let releases else { return nil }
        let women = try Int.fetchOne(
            database,
            sql: Measure.common + """
                SELECT count(DISTINCT w.subject) FROM release r JOIN woman w ON w.case_id = r.case_id
                WHERE \(releases) AND date(r.day, '+18 months') > date(:d, '+1 day')
                """, arguments: StatementArguments(Measure.arguments(asAt: day)))
        return women == 0 ? nil : women
    }
}
