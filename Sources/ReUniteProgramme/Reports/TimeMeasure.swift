import GRDB

/// How long something took, for each to whom it happened: quartiles in days.
///
/// A quartile is the value at the place ⌈n·q⌉ of the sorted ones (nearest rank): always one that somebody had.
package struct TimeMeasure: Sendable, Identifiable {
    package let id: String
    package let label: String
    package let definition: String
    /// Lines `(area, subject, days)`; of a subject with several the shortest counts.
    let sql: String

    package static let all: [TimeMeasure] = [
        TimeMeasure(
            id: "days-to-home", label: "Days from release to a home",
            definition: "women released who moved into a home of the programme; from their last release before it, "
                + "temporary release apart, to the first night there",
            sql: """
                SELECT w.area, w.subject, min(julianday(o.arrive_on) - julianday(c.release_date))
                FROM occupancy o JOIN woman w ON w.case_id = o.case_id JOIN custody_episode c ON c.case_id = o.case_id
                WHERE o.status IN ('ARRIVED', 'DEPARTED', 'ENDED') AND o.arrive_on <= :d
                  AND c.release_date <= o.arrive_on AND coalesce(c.release_type, '') <> 'ROTL'
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
                SELECT coalesce(r.from_area, ''), r.id,
                  julianday(date(min(a.recorded_for_at) / 1000, 'unixepoch'))
                    - julianday(date(min(s.recorded_for_at) / 1000, 'unixepoch'))
                FROM referral r JOIN referral_event s ON s.referral_id = r.id AND s.to_state = 'SENT'
                JOIN referral_event a ON a.referral_id = r.id AND a.to_state = 'ACCEPTED'
                WHERE r.from_area <> r.to_area AND date(a.recorded_for_at / 1000, 'unixepoch') <= :d
                GROUP BY r.id HAVING min(a.recorded_for_at) >= min(s.recorded_for_at)
                """),
    ]

    /// The sorted days, by area.
    func days(asAt day: String, in database: Database) throws -> [String: [Int]] {
        var found: [DatabaseValue: (area: String, days: Int)] = [:]
        for row in try Row.fetchAll(database, sql: Measure.common + sql, arguments: ["d": day]) {
            let subject: DatabaseValue = row[1]
            let line = (area: row[0] as String, days: Int((row[2] as Double).rounded()))
            guard let known = found[subject] else {
                found[subject] = line
                continue
            }
            found[subject] = (min(known.area, line.area), min(known.days, line.days))
        }
        return Dictionary(grouping: found.values, by: \.area).mapValues { $0.map(\.days).sorted() }
    }

    func figure(
        asAt day: String, published isPublished: Bool, after before: TimeFigure?, in database: Database
    ) throws -> TimeFigure {
        let days = try days(asAt: day, in: database)
        let areas = Set(days.keys).union((before?.lines ?? []).compactMap(\.area)).sorted()
        let values = areas.map { days[$0] ?? [] } + [days.values.flatMap(\.self).sorted()]
        let held = before.map { figure in
            (areas.map { $0 as String? } + [nil]).map { area in
                figure.lines.first { $0.area == area }.flatMap { SmallNumbers.Cell($0.of) }
            }
        }
        let cells = held.flatMap { $0.allSatisfy { $0 != nil } ? $0.compactMap(\.self) : nil }
        let counts =
            areas.isEmpty
            ? [[.shown(0), .shown(0)]]
            : SmallNumbers.publish(
                values.dropLast().map { [$0.count] }, after: cells.map { cells in cells.map { [$0, $0] } })
        let lines = values.enumerated().map { row, days in
            guard isPublished else {
                return TimeFigure.Line(
                    area: row < areas.count ? areas[row] : nil, of: String(days.count),
                    lower: TimeMeasure.quartile(1, of: days), median: TimeMeasure.quartile(2, of: days),
                    upper: TimeMeasure.quartile(3, of: days))
            }
            // Of fewer than ten a quartile is nearly somebody's own; and it is rounded, for it is always somebody's.
            let isShown = days.count >= 10 && counts[row][0] != .hidden
            func shown(_ quarter: Int) -> Int? {
                isShown ? TimeMeasure.quartile(quarter, of: days).map(SmallNumbers.rounded) : nil
            }
            return TimeFigure.Line(
                area: row < areas.count ? areas[row] : nil, of: counts[row][0].text, lower: shown(1), median: shown(2),
                upper: shown(3))
        }
        return TimeFigure(measure: id, label: label, definition: definition, lines: lines)
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
