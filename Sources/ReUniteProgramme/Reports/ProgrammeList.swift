package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A list that the programme asks for by name: lines to look at one by one, where ``OutcomeReport`` counts.
package struct ProgrammeList: Sendable, Identifiable {
    package let id: String
    /// What its lines are.
    package let label: String
    package let headings: [String]
    /// Whether it can be asked for as at another day than today.
    package let hasDay: Bool
    private let sql: String

    /// Lines of text, as many cells each as there are headings.
    package func lines(asAt day: String, partner: Identifier?, in database: Database) throws -> [[String]] {
        var arguments: [String: (any DatabaseValueConvertible)?] = ["own": partner?.sqlBlob]
        for (name, day) in Measure.arguments(asAt: day) { arguments[name] = day }
        return try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments)).map { row in
            headings.indices.map { index in
                let value: DatabaseValue = row[index]
                return value.isNull
                    ? "" : String.fromDatabaseValue(value) ?? Int64.fromDatabaseValue(value).map(String.init) ?? ""
            }
        }
    }

    /// `:own` is the partner who asks, NULL at the hub; `:d` the day, `:ago12` the one a year before.
    package static let all: [ProgrammeList] = [
        ProgrammeList(
            id: "catch-22",
            label: "Women whose children are away from them, and what the authority said of her homelessness",
            headings: ["CASE", "AUTHORITY", "SUBMITTED", "STATUS", "REASON"], hasDay: false,
            sql: """
                SELECT f.ref, l.name, d.submitted_on, coalesce(s.label, c.status), coalesce(v.label, c.outcome_reason)
                FROM catch_22 c JOIN case_file f ON f.id = c.case_id JOIN duty_to_refer d ON d.id = c.duty_id
                LEFT JOIN local_authority l ON l.gss = d.la_gss
                LEFT JOIN ru_state s ON s.tbl = 'duty_to_refer' AND s.col = 'status' AND s.value = c.status
                LEFT JOIN code_value v ON v.list = 'duty_to_refer.outcome_reason' AND v.code = c.outcome_reason
                GROUP BY c.duty_id ORDER BY d.submitted_on, f.ref
                """),
        ProgrammeList(
            id: "limbo", label: "Children who are away from their mother while she has no home, and for how many days",
            headings: ["CASE", "CHILD", "SINCE", "DAYS"], hasDay: false,
            sql: """
                SELECT f.ref, c.first_name, e.from_on, e.days FROM child_in_limbo e JOIN case_file f ON f.id = e.case_id
                JOIN child c ON c.id = e.child_id ORDER BY e.days DESC, f.ref
                """),
        ProgrammeList(
            id: "pipeline", label: "Women for whom a home is lined up: accepted, and not released yet",
            headings: ["CASE", "FROM", "TO", "RELEASE"], hasDay: false,
            sql: """
                SELECT f.ref, s.name, t.name, p.release_date FROM pipeline p JOIN referral r ON r.id = p.referral_id
                LEFT JOIN case_file f ON f.id = p.case_id LEFT JOIN partner s ON s.id = r.from_partner_id
                LEFT JOIN partner t ON t.id = p.to_partner_id ORDER BY p.release_date, f.ref
                """),
        ProgrammeList(
            id: "stocktake", label: "Questions of the stocktake that are not answered yet",
            headings: ["AS AT", "PARTNER", "SECTION", "QUESTION"], hasDay: false,
            sql: """
                SELECT m.as_at, p.name, coalesce(v.label, q.section), q.question FROM stocktake_missing m
                JOIN partner p ON p.id = m.partner_id JOIN stocktake_question q ON q.id = m.question_id
                LEFT JOIN code_value v ON v.list = 'stocktake.section' AND v.code = q.section
                WHERE :own IS NULL OR m.partner_id = :own
                ORDER BY m.as_at, p.name, q.section, q.question
                """),
        ProgrammeList(
            id: "areas", label: "Areas that are live, and who works there",
            headings: ["AREA", "NAME", "PARTNER", "SINCE"],
            hasDay: true,
            sql: """
                WITH live AS (SELECT * FROM area_live WHERE from_on <= :d AND coalesce(to_on, :d) >= :d)
                SELECT m.area, (SELECT a.name FROM area a WHERE a.code = m.area), (
                    SELECT group_concat(name, ', ') FROM (
                      SELECT DISTINCT p.name FROM live l JOIN partner p ON p.id = l.partner_id
                      WHERE l.area = m.area ORDER BY p.name)),
                  min(m.from_on)
                FROM live m GROUP BY m.area ORDER BY m.area
                """),
        ProgrammeList(
            id: "homes", label: "Homes of each agreement: promised, to let today, and out of use of these",
            headings: ["PARTNER", "PROVIDER", "PROMISED", "LIVE", "VOID"], hasDay: false,
            sql: """
                SELECT p.name, h.name, g.promised, g.live, g.void FROM agreement_homes g
                JOIN housing_agreement a ON a.id = g.agreement_id LEFT JOIN partner p ON p.id = g.partner_id
                LEFT JOIN housing_provider h ON h.id = a.provider_id ORDER BY p.name, h.name
                """),
        ProgrammeList(
            id: "grants", label: "What each grant was, what is spent of it and what is left, in pounds",
            headings: ["PARTNER", "FUNDER", "GRANT", "SPENT", "LEFT", "NETWORK HELPED"], hasDay: false,
            sql: """
                SELECT p.name, g.funder, printf('%.2f', l.amount_pence / 100.0), printf('%.2f', l.spent_pence / 100.0),
                  printf('%.2f', l.left_pence / 100.0), CASE g.network_helped WHEN 1 THEN 'yes' WHEN 0 THEN 'no' END
                FROM funding_left l JOIN funding_grant g ON g.id = l.grant_id LEFT JOIN partner p ON p.id = l.partner_id
                ORDER BY p.name, g.funder
                """),
        ProgrammeList(
            id: "travel",
            label:
                "Prisons that are visited: how far by the journeys made, one way in km, and what they cost in pounds",
            headings: ["PARTNER", "PRISON", "NAME", "JOURNEYS", "KM", "COST"], hasDay: false,
            sql: """
                SELECT p.name, d.prison, (SELECT k.name FROM prison k WHERE k.code = d.prison), d.journeys,
                  d.distance_km, printf('%.2f', d.cost_pence / 100.0)
                FROM prison_distance d LEFT JOIN partner p ON p.id = d.partner_id
                ORDER BY p.name, d.distance_km DESC, d.prison
                """),
        ProgrammeList(
            id: "residents",
            label: "Women and children who came in the last twelve months: residents, and floating support",
            headings: ["KIND", "PACKAGES", "WOMEN", "CHILDREN"], hasDay: true,
            sql: """
                SELECT coalesce(v.label, s.type), count(*), sum(s.women), sum(s.children) FROM support_package s
                LEFT JOIN code_value v ON v.list = 'support_package.type' AND v.code = s.type
                WHERE s.from_on > :ago12 AND s.from_on <= :d GROUP BY s.type ORDER BY s.type
                """),
    ]

    /// - Throws: ``Failure`` (badData) for a name that none has, and for a day where only today can be told.
    package static func named(_ name: String, asAt day: String?, today: String) throws -> ProgrammeList {
        let what = "Making the list"
        guard let list = all.first(where: { $0.id == name }) else {
            throw Failure(
                .badData, what: what, why: "there is no list of that name",
                remedy: "Use one of \(all.map(\.id).joined(separator: ", "))")
        }
        guard let day else { return list }
        guard list.hasDay else {
            throw Failure(
                .badData, what: what, why: "it can be told for today only", remedy: "Leave the day out (--as-at)")
        }
        guard CivilTime.isDate(day), day <= today else {
            throw Failure(
                .badData, what: what, why: "the day is not a date, or is yet to come",
                remedy: "Write it as YYYY-MM-DD, \(today) or earlier")
        }
        return list
    }
}
