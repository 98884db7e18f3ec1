/// One figure by which the network is judged: whom it counts, and of whom it says yes.
///
/// The text of each gives lines `(area, subject, hit)`: for a woman, a child or a referral, 1, 0 or NULL where it is not
/// known. What it may ask about the day is in ``arguments(asAt:)``, what it may count in ``common``. A subject with
/// several lines counts once, yes before no before unknown; women who are one (`person_identity`) are one.
package struct Measure: Sendable, Identifiable {
    package let id: String
    package let label: String
    /// Who is counted, and of whom it is true.
    package let definition: String
    /// The code of the published figure to hold against it, if there is one.
    package let benchmarks: [String]
    /// Whoever counts on a day counts on every later one, and a yes stays a yes.
    let isCumulative: Bool
    let sql: String
    /// Of a measure of reoffending, the releases that count.
    let releases: String?

    init(
        _ id: String, _ label: String, _ definition: String, benchmarks: [String] = [],
        isCumulative: Bool = true, releases: String? = nil, _ sql: String
    ) {
        self.id = id
        self.label = label
        self.definition = definition
        self.benchmarks = benchmarks
        self.isCumulative = isCumulative
        self.releases = releases
        self.sql = Measure.common + sql
    }

    package static let all: [Measure] = [
        Measure(
            "engaged", "Families engaged",
            "families accepted and not died; with a contact that took place in the last 42 days, or closed as planned",
            benchmarks: ["REUNITE_ENGAGED"], isCumulative: false,
            """
            SELECT w.area, w.subject,
              (f.close_reason = 'COMPLETED' AND f.closed_on <= :d) IS TRUE OR EXISTS (
                SELECT 1 FROM engagement_event e WHERE e.case_id = f.id AND e.kind = 'ATTENDED'
                  AND e.recorded_for_at >= :from42 AND e.recorded_for_at < :end)
            FROM case_file f JOIN woman w ON w.case_id = f.id
            WHERE f.opened_on <= :d
              AND (f.close_reason = 'DIED' AND coalesce(f.closed_on, '') <= :d) IS NOT TRUE
              AND NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = f.id AND e.kind = 'DIED')
            """),
        reoffending(
            "reoffending", "Reoffending within 12 months",
            "women released 18 months ago or earlier; who offended within 12 months of it, proven within 18",
            benchmarks: ["WOMEN_12M", "REUNITE_REOFFENDED"], of: "r.day <= :ago18"),
        Measure(
            "recall", "Recall within 12 months",
            "women released on licence 12 months ago or earlier; who were recalled within 12 months",
            """
            SELECT w.area, w.subject, EXISTS (
              SELECT 1 FROM event e WHERE e.case_id = r.case_id AND e.kind = 'RECALL'
                AND e.occurred_on >= r.day AND e.occurred_on < date(r.day, '+12 months'))
            FROM release r JOIN woman w ON w.case_id = r.case_id
            WHERE r.day <= :ago12 AND r.type IN ('CRD_LICENCE', 'PAROLE', 'HDC', 'FTR', 'STD_RECALL', 'PSS')
            """),
        Measure(
            "housed-on-release", "Housed on the first night",
            "releases; with a settled or temporary home on the first night (unknown shown apart)",
            """
            SELECT w.area, hex(w.subject) || r.day, CASE WHEN t.type IS NOT NULL THEN
              t.type NOT IN ('A08', 'A08A', 'A08C', 'HMP', 'NO_FIXED_ABODE', 'RISK_OF_NO_FIXED_ABODE') END
            FROM release r JOIN woman w ON w.case_id = r.case_id LEFT JOIN tenancy_check t ON t.case_id = r.case_id
              AND t.counted_from = 'RELEASE' AND t.at_months = 0 AND t.checked_on BETWEEN r.day AND :d
              AND NOT EXISTS (
                SELECT 1 FROM release l WHERE l.case_id = r.case_id AND l.day > r.day AND l.day <= t.checked_on)
            """),
        Measure(
            "settled-3-months", "Settled at three months",
            "releases three months ago or earlier, who may be supervised still; in settled housing three months after "
                + "(unknown shown apart)",
            """
            SELECT w.area, hex(w.subject) || r.day, CASE WHEN t.type IS NOT NULL THEN
              t.type IN ('A01A', 'A01C', 'A01D', 'A04', 'A07B', 'A12', 'SETTLED') END
            FROM release r JOIN woman w ON w.case_id = r.case_id LEFT JOIN tenancy_check t ON t.case_id = r.case_id
              AND t.counted_from = 'RELEASE' AND t.at_months = 3 AND t.checked_on <= :d
              AND t.checked_on >= date(r.day, '+3 months', '-31 days')
              AND NOT EXISTS (
                SELECT 1 FROM release l WHERE l.case_id = r.case_id AND l.day > r.day
                  AND t.checked_on >= date(l.day, '+3 months', '-31 days'))
            WHERE r.day <= :ago3 AND \(supervised)
            """),
        Measure(
            "reunited", "Children reunited",
            "children whose return was the plan; living with their mother for 90 days or longer", isCumulative: false,
            """
            SELECT w.area, coalesce(i.identity_id, p.child_id), EXISTS (
              SELECT 1 FROM event e WHERE e.child_id = p.child_id AND e.kind = 'CHILD_RETURNED'
                AND e.occurred_on <= date(:d, '-90 days') AND NOT EXISTS (
                  SELECT 1 FROM event x WHERE x.child_id = p.child_id AND x.kind = 'CHILD_RE_REMOVED'
                    AND x.occurred_on >= e.occurred_on))
            FROM contact_plan p JOIN woman w ON w.case_id = p.case_id
            JOIN case_file f ON f.id = p.case_id AND f.opened_on <= :d
            LEFT JOIN child_identity i ON i.child_id = p.child_id WHERE p.return_planned = 1
            """),
        sustained(6), sustained(12),
        Measure(
            "ete", "Education, training or work at move-on",
            "women who moved on; in education, training, employment or self-employment that day (whoever was not asked is not)",
            benchmarks: ["REUNITE_ETE"],
            """
            SELECT w.area, w.subject, m.ete_status IN ('EDUCATION', 'TRAINING', 'EMPLOYED', 'SELF_EMPLOYED')
            FROM move_on m JOIN woman w ON w.case_id = m.case_id
            WHERE m.moved_on <= :d AND coalesce(m.category, '') NOT IN ('DECEASED', 'PENDING')
            """),
        Measure(
            "businesses", "Businesses of their own at move-on",
            "women who moved on; self-employed that day, who count above as well",
            """
            SELECT w.area, w.subject, m.ete_status = 'SELF_EMPLOYED' FROM move_on m JOIN woman w ON w.case_id = m.case_id
            WHERE m.moved_on <= :d AND coalesce(m.category, '') NOT IN ('DECEASED', 'PENDING')
            """),
        Measure(
            "planned-move-on", "Planned move-ons", "all departures; planned ones (unknown shown apart)",
            """
            SELECT w.area, w.subject, m.planned FROM move_on m JOIN woman w ON w.case_id = m.case_id
            WHERE m.moved_on <= :d AND coalesce(m.category, '') <> 'PENDING'
            """),
        Measure(
            "across-areas", "Referrals that leave an area", "referrals sent to a partner; to one of another area",
            """
            SELECT coalesce(r.from_area, ''), r.id, r.from_area <> r.to_area FROM referral r
            WHERE EXISTS (
              SELECT 1 FROM referral_event s WHERE s.referral_id = r.id AND s.to_state = 'SENT'
                AND s.recorded_for_at < :end)
            """),
        Measure(
            "cross-area", "Referrals to another area",
            "referrals sent to a partner of another area; accepted",
            """
            SELECT coalesce(r.from_area, ''), r.id, EXISTS (
              SELECT 1 FROM referral_event a WHERE a.referral_id = r.id AND a.to_state = 'ACCEPTED'
                AND a.recorded_for_at < :end)
            FROM referral r WHERE r.from_area <> r.to_area AND EXISTS (
              SELECT 1 FROM referral_event s WHERE s.referral_id = r.id AND s.to_state = 'SENT'
                AND s.recorded_for_at < :end)
            """),
    ]

    /// For a partner's own report alone: they tell where to look, and are not published.
    package static let own: [Measure] = [
        Measure(
            "disengaged", "Families out of reach",
            "families accepted, neither died nor closed; tried in vain three times or more in the last 28 days",
            isCumulative: false,
            """
            SELECT w.area, w.subject, (
              SELECT count(*) FROM engagement_event e WHERE e.case_id = f.id AND e.kind = 'FAILED_ATTEMPT'
                AND e.recorded_for_at >= :from28 AND e.recorded_for_at < :end) >= 3
            FROM case_file f JOIN woman w ON w.case_id = f.id
            WHERE f.opened_on <= :d AND coalesce(f.closed_on, '9999') > :d
              AND NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = f.id AND e.kind = 'DIED')
            """),
        Measure(
            "regular-contact", "Children in regular contact",
            "children whose return was the plan; reunited as above, or with their mother twice or more in the last 28 days",
            isCumulative: false,
            """
            SELECT w.area, coalesce(i.identity_id, p.child_id), EXISTS (
              SELECT 1 FROM event e WHERE e.child_id = p.child_id AND e.kind = 'CHILD_RETURNED'
                AND e.occurred_on <= date(:d, '-90 days') AND NOT EXISTS (
                  SELECT 1 FROM event x WHERE x.child_id = p.child_id AND x.kind = 'CHILD_RE_REMOVED'
                    AND x.occurred_on >= e.occurred_on)) OR (
              SELECT count(*) FROM contact_session s WHERE s.child_id = p.child_id AND s.attended IN ('YES', 'LATE')
                AND s.recorded_for_at >= :from28 AND s.recorded_for_at < :end) >= 2
            FROM contact_plan p JOIN woman w ON w.case_id = p.case_id
            JOIN case_file f ON f.id = p.case_id AND f.opened_on <= :d
            LEFT JOIN child_identity i ON i.child_id = p.child_id WHERE p.return_planned = 1
            """),
        Measure(
            "kept-out-of-care", "Children kept out of care",
            "children of families accepted; never under a care order, a placement order or section 20 by that day",
            isCumulative: false,
            """
            SELECT w.area, coalesce(i.identity_id, c.id), NOT EXISTS (
              SELECT 1 FROM child_care_episode e WHERE e.from_on <= :d AND e.legal_status IN ('C1', 'C2', 'E1', 'V2')
                AND (e.child_id = c.id OR e.child_id IN (
                  SELECT j.child_id FROM child_identity j WHERE j.identity_id = i.identity_id)))
            FROM child c JOIN case_file f ON f.id = c.case_id JOIN woman w ON w.case_id = f.id
            LEFT JOIN child_identity i ON i.child_id = c.id WHERE f.opened_on <= :d
            """),
        reoffending(
            "reoffending-interim", "Reoffending so far within 12 months",
            "women released 12 months ago or earlier; who offended within 12 months of it, proven by now and within 18",
            of: "r.day <= :ago12"),
        reoffending(
            "reoffending-under-12-months", "Reoffending after sentences of less than 12 months",
            "of the women who were released 18 months ago or earlier those whose sentence was of less than twelve months",
            benchmarks: ["WOMEN_LT12M_SENT"],
            of: "r.day <= :ago18 AND " + sentence("length_band", of: "r.case_id", on: "r.day") + " = 'LT12M'"),
    ]

    private static func sustained(_ months: Int) -> Measure {
        Measure(
            "sustained-\(months)", "Home kept for \(months) months",
            "women who moved in \(months) months ago or earlier; in the same or a better home with no night without one "
                + "(unknown shown apart)",
            """
            SELECT w.area, w.subject,
              CASE WHEN t.sustained IS NOT NULL THEN t.sustained = 1 AND coalesce(t.gap_days, 0) = 0 END
            FROM occupancy o JOIN woman w ON w.case_id = o.case_id LEFT JOIN tenancy_check t ON t.case_id = o.case_id
              AND t.counted_from = 'MOVE_IN' AND t.at_months = \(months) AND t.checked_on <= :d
              AND t.checked_on >= date(o.arrive_on, '+\(months) months', '-31 days')
            WHERE o.status IN ('ARRIVED', 'DEPARTED', 'ENDED') AND o.arrive_on <= :ago\(months)
            """)
    }
}
