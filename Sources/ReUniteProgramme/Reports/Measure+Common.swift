import GRDB

/// What the texts of measures share: the day, women, events and releases.
extension Measure {
    /// What the text of a measure may ask about the day: `:d` is the day, `:ago6` the one six months before. What
    /// happened at a moment is before `:end`, the end of the day by a clock in London, and of its last 42 days from
    /// `:from42` on; both in milliseconds since 1970.
    static func arguments(asAt day: String) -> [String: any DatabaseValueConvertible] {
        let midday = CivilTime.londonInstant(date: day, minutes: 12 * 60)
        func start(days: Int64) -> Int64 {
            let date = CivilTime.londonDate(milliseconds: midday + days * CivilTime.millisecondsInDay)
            return CivilTime.londonInstant(date: date, minutes: 0)
        }
        var arguments: [String: any DatabaseValueConvertible] = [
            "d": day, "end": start(days: 1), "from28": start(days: -27), "from42": start(days: -41),
        ]
        for months: Int64 in [3, 6, 12, 18] {
            arguments["ago\(months)"] = CivilTime.day(day, monthsEarlier: months)
        }
        return arguments
    }

    /// A date is a release where somebody stood by it, the case went on after it, or she was recalled from it.
    static let common = """
        WITH on_record(case_id, area, subject, phase, close_reason) AS (
          SELECT f.id, coalesce(p.area, ''), coalesce(i.identity_id, f.id), f.phase, f.close_reason
          FROM case_file f LEFT JOIN partner p ON p.id = f.owner_partner_id
          LEFT JOIN person w ON w.case_id = f.id LEFT JOIN person_identity i ON i.person_id = w.id),
        woman(case_id, area, subject) AS (
          SELECT case_id, area, subject FROM on_record
          WHERE phase <> 'ENQUIRY' AND close_reason IS NOT 'MISTAKEN_OR_DUPLICATE'),
        event AS (
          SELECT o.* FROM outcome_event o
          WHERE o.occurred_on <= :d AND NOT EXISTS (SELECT 1 FROM outcome_event c WHERE c.corrects_id = o.id)),
        release(case_id, day, type) AS (
          SELECT c.case_id, c.release_date, coalesce(c.release_type, '')
          FROM custody_episode c JOIN case_file f ON f.id = c.case_id
          WHERE c.release_date <= :d AND coalesce(c.release_type, '') NOT IN ('ROTL', 'REMAND')
            AND (c.confirmed = 1 OR f.phase IN ('RELEASED', 'HOUSED', 'FLOATING', 'MOVE_ON')
              OR f.phase = 'CLOSED' AND coalesce(f.closed_on, '9999') >= c.release_date
              OR EXISTS (
                SELECT 1 FROM event e WHERE e.case_id = c.case_id AND e.kind = 'RECALL'
                  AND e.occurred_on >= c.release_date)))

        """

    /// A column of the sentence in force on a day: the last that began by then; of those that began together the one that
    /// ends last. One whose beginning is not on record counts as the oldest.
    static func sentence(_ column: String, of caseID: String, on day: String) -> String {
        """
        (SELECT s.\(column) FROM sentence s WHERE s.case_id = \(caseID) AND coalesce(s.start_on, '') <= \(day)
          ORDER BY coalesce(s.start_on, '') DESC, s.expiry_on DESC, s.id DESC LIMIT 1)
        """
    }

    /// Of a release `r`: nothing on record says that she was not supervised in the community any more three months on.
    static let supervised = """
        (r.type = 'PSS'
            OR coalesce(\(sentence("expiry_on", of: "r.case_id", on: "r.day")), '9999') >= date(r.day, '+3 months'))
          AND NOT EXISTS (
            SELECT 1 FROM event e WHERE e.case_id = r.case_id AND e.kind IN ('RECALL', 'DIED')
              AND e.occurred_on >= r.day AND e.occurred_on < date(r.day, '+3 months'))
          AND NOT EXISTS (
            SELECT 1 FROM case_file f WHERE f.id = r.case_id AND f.close_reason = 'DIED'
              AND f.closed_on < date(r.day, '+3 months'))
          AND NOT EXISTS (
            SELECT 1 FROM custody_episode c WHERE c.case_id = r.case_id AND c.received_on <= :d
              AND c.received_on > r.day AND c.received_on < date(r.day, '+3 months'))
        """
}
