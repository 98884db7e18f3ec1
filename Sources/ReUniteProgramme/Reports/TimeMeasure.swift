import GRDB

/// How long something took, for each to whom it happened: quartiles in days.
///
/// A quartile is the value at the place ⌈n·q⌉ of the sorted ones (nearest rank): always one that somebody had.
package struct TimeMeasure: Sendable, Identifiable {
    package let id: String
    package let label: String
    package let definition: String
    /// Lines `(area, subject, days)`, or `(area, subject, from, to)` in milliseconds since 1970, of which the days in
    /// London count. Of a subject with several the shortest counts.
    let sql: String

    package static let all: [TimeMeasure] = [
        TimeMeasure(
            id: "days-to-home", label: "Days from release to a home",
            definition: "women released who moved into a home of the programme; from their last release before it, "
                + "temporary release apart, to the first night there",
            sql: """
                SELECT w.area, w.subject, min(julianday(o.arrive_on) - julianday(r.day))
                FROM occupancy o JOIN woman w ON w.case_id = o.case_id JOIN release r ON r.case_id = o.case_id
                WHERE o.status IN ('ARRIVED', 'DEPARTED', 'ENDED') AND o.arrive_on <= :d AND r.day <= o.arrive_on
                GROUP BY w.area, w.subject
                """),
        TimeMeasure(
            id: "days-apart", label: "Days until a child came back",
            definition: "children whose care away from their mother ended with their return to her; from its beginning",
            sql: """
                SELECT w.area, coalesce(i.identity_id, e.child_id), min(julianday(e.to_on) - julianday(e.from_on))
                FROM child_care_episode e JOIN woman w ON w.case_id = e.case_id
                LEFT JOIN child_identity i ON i.child_id = e.child_id
                WHERE e.end_reason = 'E4A' AND e.to_on <= :d AND e.from_on <= e.to_on
                  AND coalesce(e.placement_type, '') <> 'WITH_MOTHER'
                GROUP BY w.area, coalesce(i.identity_id, e.child_id)
                """),
        TimeMeasure(
            id: "days-to-accept", label: "Days from a referral to its acceptance",
            definition: "referrals to a partner of another area that were accepted; from the day on which it was sent",
            sql: """
                SELECT coalesce(r.from_area, ''), r.id, min(s.recorded_for_at), min(a.recorded_for_at)
                FROM referral r JOIN referral_event s ON s.referral_id = r.id AND s.to_state = 'SENT'
                JOIN referral_event a ON a.referral_id = r.id AND a.to_state = 'ACCEPTED'
                WHERE r.from_area <> r.to_area AND a.recorded_for_at < :end
                GROUP BY r.id HAVING min(a.recorded_for_at) >= min(s.recorded_for_at)
                """),
    ]

    /// The sorted days, by area.
    func days(asAt day: String, in database: Database) throws -> [String: [Int]] {
        var found: [DatabaseValue: (area: String, days: Int)] = [:]
        let arguments = StatementArguments(Measure.arguments(asAt: day))
        for row in try Row.fetchAll(database, sql: Measure.common + sql, arguments: arguments) {
            let subject: DatabaseValue = row[1]
            // A day that no calendar has leads to no number of days.
            let counted =
                row.count > 3 ? Self.days(from: row[2], to: row[3]) : (row[2] as Double?).map { Int($0.rounded()) }
            guard let days = counted else { continue }
            let line = (area: row[0] as String, days: days)
            guard let known = found[subject] else {
                found[subject] = line
                continue
            }
            found[subject] = (min(known.area, line.area), min(known.days, line.days))
        }
        return Dictionary(grouping: found.values, by: \.area).mapValues { $0.map(\.days).sorted() }
    }

    /// From one day in London to another.
    private static func days(from: Int64, to: Int64) -> Int {
        let noons = [from, to].map {
            CivilTime.londonInstant(date: CivilTime.londonDate(milliseconds: $0), minutes: 12 * 60)
        }
        return Int((Double(noons[1] - noons[0]) / Double(CivilTime.millisecondsInDay)).rounded())
    }

    /// Shown as so many, they are ten in truth, in a revision too.
    private static let fewestShown = 15

    /// - Parameters:
    ///   - days: the sorted days, by area.
    ///   - published: how many there are, small numbers hidden; nil for exact figures.
    ///   - before: what was published last of the same day. Where as many are shown, the times stay: they would tell of
    ///     one woman who came late.
    func figure(
        _ days: [String: [Int]], published: [PublishedTables.Line]?, after before: TimeFigure? = nil
    ) -> TimeFigure {
        let all = days.values.flatMap(\.self).sorted()
        func shown(_ area: String?) -> [Int] { area.map { days[$0] ?? [] } ?? all }
        let lines =
            published.map { $0.map { (area: $0.area, of: $0.cells[0]) } }
            ?? days.keys.sorted().map { (area: $0 as String?, of: String(shown($0).count)) }
            + [(area: nil, of: String(all.count))]
        return TimeFigure(
            measure: id, label: label, definition: definition,
            lines: lines.map { area, of in
                if let same = before?.lines.first(where: { $0.area == area && $0.of == of }) { return same }
                let days = shown(area)
                func quartile(_ quarter: Int) -> Int? {
                    let exact = TimeMeasure.quartile(quarter, of: days)
                    guard published != nil else { return exact }
                    // Of fewer than ten a quartile is nearly somebody's own; and it is rounded, for it is always
                    // somebody's. What is shown decides, not the exact count: that would tell it.
                    return (Int(of) ?? 0) >= TimeMeasure.fewestShown ? exact.map(SmallNumbers.rounded) : nil
                }
                return TimeFigure.Line(
                    area: area, of: of, lower: quartile(1), median: quartile(2), upper: quartile(3))
            })
    }

    /// The value at ⌈n·quarter/4⌉ of sorted ones; nil of none.
    static func quartile(_ quarter: Int, of sorted: [Int]) -> Int? {
        sorted.isEmpty ? nil : sorted[(sorted.count * quarter + 3) / 4 - 1]
    }
}

/// How long it took, by area and in all.
package struct TimeFigure: Sendable, Codable {
    package struct Line: Hashable, Sendable, Codable {
        /// An area's code; nil for all of them.
        package let area: String?
        /// As text: a number, or `c` where it is not shown.
        package let of: String
        /// In days; nil where there is nobody, or it is not shown.
        package let lower: Int?
        package let median: Int?
        package let upper: Int?
    }

    package let measure: String
    package let label: String
    package let definition: String
    package let lines: [Line]
}
