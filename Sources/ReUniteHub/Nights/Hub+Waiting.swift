import GRDB
import ReUniteReplica
import ReUniteSync

/// How long questions to a person waited for their answer.
package struct DecisionTimes: Hashable, Sendable, Encodable {
    /// How many were answered: conflicts at their first decision, edits that were released or refused, rows that are
    /// alike and were said to be right.
    package let decided: Int
    /// From the moment at which the hub put the question to that of the answer, in hours to the tenth; nil where nothing
    /// was decided.
    package let meanHours: Double?
    package let medianHours: Double?
    package let longestHours: Double?

    /// - Parameter waits: in milliseconds.
    init(_ waits: [Int64]) {
        func hours(_ milliseconds: Int64) -> Double { Double((milliseconds + 180_000) / 360_000) / 10 }
        let sorted = waits.map { max(0, $0) }.sorted()
        decided = sorted.count
        meanHours = sorted.isEmpty ? nil : hours(sorted.reduce(0, +) / Int64(sorted.count))
        // The value at the place ⌈n/2⌉, as of all quartiles here.
        medianHours = sorted.isEmpty ? nil : hours(sorted[(sorted.count + 1) / 2 - 1])
        longestHours = sorted.last.map(hours)
    }
}

/// How long edits were on devices before the hub had them.
package struct EditDelays: Hashable, Sendable, Encodable {
    /// Edits of devices that came and stand.
    package let received: Int
    /// Of these, those that had been written more than 48 hours before they came.
    package let late: Int
    /// Edits that devices said they had not sent, of devices that were last heard of more than 48 hours ago.
    package let waiting: Int
}

extension Hub {
    /// After how long an edit on a device is overdue, in milliseconds: 48 hours.
    package static let overdue: Int64 = 48 * 3_600_000

    /// How long the questions waited that were answered since a time, in milliseconds since 1970.
    package func decisionTimes(since: Int64) throws -> DecisionTimes {
        try read("Looking at decisions") { database in
            DecisionTimes(
                try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT min(d.at_ms) - c.opened_ms FROM hub_decision d JOIN hub_conflict c ON c.id = d.conflict
                        WHERE d.kind = 'resolve' GROUP BY d.conflict HAVING min(d.at_ms) >= ?1
                        UNION ALL
                        SELECT decided_ms - at_ms FROM hub_quarantine
                        WHERE state > 0 AND decided_by IS NOT NULL AND decided_ms >= ?1
                        UNION ALL
                        SELECT closed_ms - opened_ms FROM hub_clash WHERE how = 'kept' AND closed_ms >= ?1
                        """, arguments: [since]))
        }
    }

    /// How late edits came since a time, and how many have not come yet, as far as devices said.
    package func editDelays(since: Int64) throws -> EditDelays {
        try read("Looking at delays") { [now] database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS received, coalesce(sum(written < received_ms - ?2), 0) AS late FROM (
                      SELECT b.received_ms, min(o.stamp >> 16) AS written
                      FROM hub_batch b JOIN hub_device d ON d.id = b.device AND d.role IN ('office', 'field')
                      JOIN hub_op o ON o.batch = b.no
                      WHERE b.received_ms >= ?1 GROUP BY o.batch, o.idx)
                    """, arguments: [since, Hub.overdue])
            let waiting = try Int.fetchOne(
                database,
                sql: "SELECT coalesce(sum(unsent), 0) FROM hub_device WHERE state = 1 AND last_seen_ms < ?",
                arguments: [now - Hub.overdue])
            return EditDelays(received: row?["received"] ?? 0, late: row?["late"] ?? 0, waiting: waiting ?? 0)
        }
    }
}
