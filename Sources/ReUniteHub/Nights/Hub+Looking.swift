import GRDB
import ReUniteReplica
import ReUniteSync

/// For how long operators looked at the questions that they answered.
package struct LookingTimes: Hashable, Sendable, Encodable {
    /// How many answers that is known of: conflicts at their first decision, edits that were released or refused.
    package let decided: Int
    /// In minutes to the tenth; nil where it is known of none.
    package let meanMinutes: Double?
    package let medianMinutes: Double?

    /// - Parameter looks: in milliseconds.
    init(_ looks: [Int64]) {
        func minutes(_ milliseconds: Int64) -> Double { Double((milliseconds + 3_000) / 6_000) / 10 }
        let sorted = looks.sorted()
        decided = sorted.count
        meanMinutes = sorted.isEmpty ? nil : minutes(sorted.reduce(0, +) / Int64(sorted.count))
        medianMinutes = sorted.isEmpty ? nil : minutes(sorted[(sorted.count + 1) / 2 - 1])
    }

    /// Between two views, or a view and the answer, that are further apart somebody did something else, in milliseconds.
    static let pause: Int64 = 30 * 60_000

    /// How long was looked, from the views before an answer; nil where no two moments are near enough to tell.
    static func look(_ views: [Int64], answer: Int64) -> Int64? {
        let moments = views.filter { $0 <= answer }.sorted() + [answer]
        let stretches = zip(moments, moments.dropFirst()).map { $1 - $0 }.filter { $0 <= pause }
        return stretches.isEmpty ? nil : stretches.reduce(0, +)
    }
}

extension Hub {
    /// For how long operators looked at what they answered at the console since a time, in milliseconds since 1970: from
    /// the views of its page by whoever decided, which are on the audit log.
    package func lookingTimes(since: Int64) throws -> LookingTimes {
        struct Look: Hashable {
            let person: Identifier
            let question: Identifier
        }
        var views: [Look: [Int64]] = [:]
        for record in try auditEntries(kind: .viewed).compactMap(\.record) {
            guard let person = record.id(.subject), let question = record.id(.question) else { continue }
            views[Look(person: person, question: question), default: []].append(record.atMilliseconds)
        }
        return try read("Looking at decisions") { database in
            LookingTimes(
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT o.id AS person, a.question, a.at_ms FROM (
                          SELECT conflict AS question, decided_by, min(at_ms) AS at_ms FROM hub_decision
                          WHERE kind = 'resolve' GROUP BY conflict
                          UNION ALL
                          SELECT id, decided_by, decided_ms FROM hub_quarantine WHERE state > 0
                        ) a JOIN hub_operator o ON o.name = a.decided_by WHERE a.at_ms >= ?
                        """, arguments: [since]
                ).compactMap { row in
                    let look = Look(person: row.identifier("person"), question: row.identifier("question"))
                    return LookingTimes.look(views[look] ?? [], answer: row["at_ms"])
                })
        }
    }
}
