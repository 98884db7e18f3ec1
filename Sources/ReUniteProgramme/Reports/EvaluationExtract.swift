import Crypto
import Foundation
package import GRDB
import ReUniteReplica
import ReUniteSync

/// What an evaluator is given: a line for each case whose woman agreed to evaluation, without anything by which she
/// could be called.
///
/// In place of who she is stands a pseudonym: an HMAC (RFC 2104, SHA-256) of her id under a key that only the hub has,
/// another one for each study. The same study finds her again in the next extract; two studies cannot be laid over each
/// other. Days are quarters, ages are bands, children are a number up to three, and an area with fewer than five lines
/// is not named; where that would be one area only, the next smallest is not named either. There is no free text, no id,
/// no number and no address in it.
package struct EvaluationExtract: Sendable {
    package static let columns = [
        "pseudonym", "area", "age_band", "children", "cohort", "sentence_band", "opened", "released", "release_type",
        "first_night", "home_within_weeks", "recalled_12m", "reoffended_12m", "children_returned", "moved_on",
        "planned",
        "ete", "closed", "close_reason", "needs",
    ]

    /// In the order of their pseudonyms, which says nothing.
    package let lines: [[String]]
    /// Cases of women who have not agreed, or no longer.
    package let leftOut: Int
    /// Lines that are the only ones with their age band, number of children, and quarters of opening and of release:
    /// whoever knows that much of a woman knows her line.
    package let alone: Int

    /// - Parameters:
    ///   - study: a name; the pseudonyms are of this study alone.
    ///   - key: 32 bytes that never leave the hub.
    ///   - day: the end of a quarter, `YYYY-MM-DD`: nothing that happened later is told (needs have no
    ///     day: they are those on record when it is made), and what lies between two other
    ///     days would tell when it happened.
    /// - Throws: ``Failure`` (badData) for a study without a name and another day.
    package init(study: String, key: [UInt8], asAt day: String, in database: Database) throws {
        let what = "Making the extract"
        let study = TypedText.trimmed(study).lowercased()
        guard (3...60).contains(study.unicodeScalars.count) else {
            throw Failure(
                .badData, what: what, why: "the study's name is too short or too long",
                remedy: "Name it with 3 to 60 characters; the same name gives the same pseudonyms")
        }
        guard CivilTime.isDate(day) else {
            throw Failure(.badData, what: what, why: "the day is not a date", remedy: "Write it as YYYY-MM-DD")
        }
        guard OutcomeReport.endsQuarter(day) else {
            throw Failure(
                .badData, what: what, why: "extracts are made for the ends of quarters only",
                remedy: "Use a day such as \(OutcomeReport.quarter(before: day))")
        }
        let master = SymmetricKey(data: key)
        let own = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data("study \(study)".utf8), using: master))
        let rows = try Row.fetchAll(
            database, sql: EvaluationExtract.sql, arguments: StatementArguments(Measure.arguments(asAt: day)))
        let hidden = EvaluationExtract.smallAreas(
            Dictionary(grouping: rows, by: { $0["area"] as String }).mapValues(\.count))
        lines = rows.map { row in
            let pseudonym = EvaluationExtract.pseudonym(of: row.bytes("subject"), own)
            let area: String = row["area"]
            return [pseudonym, hidden.contains(area) ? "c" : area]
                + EvaluationExtract.columns.dropFirst(2).map { EvaluationExtract.text(row[$0] as DatabaseValue) }
        }.sorted { $0.lexicographicallyPrecedes($1) }
        let known = ["age_band", "children", "opened", "released"].compactMap {
            EvaluationExtract.columns.firstIndex(of: $0)
        }
        alone = Dictionary(grouping: lines, by: { line in known.map { line[$0] } }).values.count { $0.count == 1 }
        let all = try Int.fetchOne(
            database,
            sql: Measure.common
                + "SELECT count(*) FROM woman w JOIN case_file f ON f.id = w.case_id WHERE f.opened_on <= :d",
            arguments: StatementArguments(Measure.arguments(asAt: day)))
        leftOut = max(0, (all ?? 0) - lines.count)
    }

    /// Areas that are not named. One alone would be the only one that is missing.
    private static func smallAreas(_ counts: [String: Int]) -> Set<String> {
        let sorted = counts.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let small = sorted.prefix { $0.value < SmallNumbers.least }
        return Set((small.count == 1 ? sorted.prefix(2) : small).map(\.key))
    }

    /// As CSV, in UTF-8.
    package var csv: String {
        CSVText.line(EvaluationExtract.columns) + lines.map { CSVText.line($0.map { CSVText.cell($0) }) }.joined()
    }

    /// Sixteen characters: 80 bits, enough that no two of a network's women meet.
    static func pseudonym(of subject: [UInt8], _ key: SymmetricKey) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let bytes = Array(HMAC<SHA256>.authenticationCode(for: subject, using: key)).prefix(10)
        var text = ""
        var (held, bits) = (0, 0)
        for byte in bytes {
            held = (held << 8 | Int(byte)) & 0xFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[held >> bits & 31])
            }
        }
        return text
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: ""
        case .int64(let number): String(number)
        case .double(let number): String(number)
        case .string(let text): text
        case .blob: ""
        }
    }

    /// A day as its quarter: `2026-Q3`.
    private static func quarter(_ column: String) -> String {
        "substr(\(column), 1, 4) || '-Q' || ((CAST(substr(\(column), 6, 2) AS INTEGER) + 2) / 3)"
    }

    /// A woman who is on record twice counts as having said no where she has said so to either, later than her yes.
    private static let sql =
        Measure.common + """
            , agreed(case_id) AS (
              SELECT k.case_id FROM consent_in_force k JOIN woman w ON w.case_id = k.case_id CROSS JOIN ru_now n
              WHERE k.purpose = 'EVALUATION' AND (k.until_ms IS NULL OR k.until_ms > n.ms)
                AND NOT EXISTS (
                  SELECT 1 FROM on_record o JOIN consent_refused x ON x.case_id = o.case_id
                  WHERE o.subject = w.subject AND x.purpose = 'EVALUATION' AND x.at_ms >= k.at_ms)),
            out(case_id, day, type) AS (
              SELECT case_id, min(day), type FROM release GROUP BY case_id)
            SELECT w.subject AS subject, w.area AS area,
              CASE WHEN p.date_of_birth IS NULL THEN '' WHEN p.date_of_birth > date(f.opened_on, '-25 years') THEN 'under 25'
                WHEN p.date_of_birth > date(f.opened_on, '-35 years') THEN '25-34'
                WHEN p.date_of_birth > date(f.opened_on, '-45 years') THEN '35-44' ELSE '45 and over' END AS age_band,
              (SELECT CASE WHEN count(*) > 2 THEN '3+' ELSE CAST(count(*) AS TEXT) END FROM child c
                WHERE c.case_id = f.id AND coalesce(c.date_of_birth, c.expected_on, '') <= :d) AS children,
              f.cohort AS cohort,
              \(Measure.sentence("length_band", of: "f.id", on: "coalesce(r.day, :d)")) AS sentence_band,
              \(quarter("f.opened_on")) AS opened,
              \(quarter("r.day")) AS released, r.type AS release_type,
              (SELECT CASE WHEN t.type IS NULL THEN 'unknown'
                  WHEN t.type IN ('A08', 'A08A', 'A08C', 'HMP', 'NO_FIXED_ABODE', 'RISK_OF_NO_FIXED_ABODE') THEN 'no'
                  ELSE 'yes' END
                FROM tenancy_check t WHERE t.case_id = f.id AND t.counted_from = 'RELEASE' AND t.at_months = 0
                  AND t.checked_on BETWEEN r.day AND :d AND NOT EXISTS (
                    SELECT 1 FROM release l WHERE l.case_id = f.id AND l.day > r.day AND l.day <= t.checked_on)
                ORDER BY t.id LIMIT 1) AS first_night,
              (SELECT CASE WHEN min(o.arrive_on) IS NULL OR r.day IS NULL THEN NULL
                  WHEN julianday(min(o.arrive_on)) - julianday(r.day) <= 0 THEN '0'
                  WHEN julianday(min(o.arrive_on)) - julianday(r.day) <= 28 THEN '1 to 4'
                  WHEN julianday(min(o.arrive_on)) - julianday(r.day) <= 91 THEN '5 to 13' ELSE '14+' END
                FROM occupancy o WHERE o.case_id = f.id AND o.status IN ('ARRIVED', 'DEPARTED', 'ENDED')
                  AND o.arrive_on <= :d) AS home_within_weeks,
              CASE WHEN r.day <= :ago12 THEN EXISTS (
                SELECT 1 FROM event e WHERE e.case_id = f.id AND e.kind = 'RECALL' AND e.occurred_on >= r.day
                  AND e.occurred_on < date(r.day, '+12 months')) END AS recalled_12m,
              CASE WHEN r.day <= :ago18 THEN EXISTS (
                SELECT 1 FROM event e WHERE e.case_id = f.id AND e.kind = 'REOFFENCE' AND e.occurred_on >= r.day
                  AND e.occurred_on < date(r.day, '+12 months') AND e.proven_on < date(r.day, '+18 months')
                  AND e.disposal IN ('CONVICTION', 'CAUTION')) END AS reoffended_12m,
              (SELECT CASE WHEN count(DISTINCT e.child_id) > 2 THEN '3+' ELSE CAST(count(DISTINCT e.child_id) AS TEXT) END
                FROM event e WHERE e.case_id = f.id AND e.kind = 'CHILD_RETURNED') AS children_returned,
              \(quarter("m.moved_on")) AS moved_on, m.planned AS planned, m.ete_status AS ete,
              CASE WHEN f.closed_on <= :d THEN \(quarter("f.closed_on")) END AS closed,
              CASE WHEN f.closed_on <= :d THEN f.close_reason END AS close_reason,
              (SELECT group_concat(category, ' ') FROM (
                SELECT DISTINCT category FROM need n WHERE n.case_id = f.id ORDER BY category)) AS needs
            FROM case_file f JOIN woman w ON w.case_id = f.id
            JOIN (SELECT DISTINCT case_id FROM agreed) a ON a.case_id = f.id
            LEFT JOIN person p ON p.id = (SELECT min(id) FROM person q WHERE q.case_id = f.id)
            LEFT JOIN out r ON r.case_id = f.id
            LEFT JOIN move_on m ON m.id = (
              SELECT min(id) FROM move_on q WHERE q.case_id = f.id AND q.moved_on <= :d)
            WHERE f.opened_on <= :d
            """
}
