package import GRDB
import ReUniteReplica

/// When the network's officers are in, and how many of their days something has waited: what comes on a Thursday has
/// waited no day for somebody who works on Mondays and Tuesdays until Monday.
package struct OfficerClock: Hashable, Sendable {
    /// Somebody of the role `NETWORK_OFFICER`, called by that role: the queue is no place for names.
    package struct Officer: Hashable, Sendable, Encodable {
        /// The town or office; nil where it is not on record.
        package let basedIn: String?
        /// Such as `Mon, Tue`.
        package let workingDays: String
        /// The first day from today on, `YYYY-MM-DD`; nil for somebody without working days.
        package let nextIn: String?

        /// A line for people.
        package var words: String {
            let officer = "The network officer\(basedIn.map { ", \($0)," } ?? "")"
            guard let nextIn else { return "\(officer) has no working days on record." }
            return "\(officer) is next in on \(WorkingDays.words(of: nextIn))."
        }

        // Written by hand, so that the keys are there where nothing is known.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(basedIn, forKey: .basedIn)
            try container.encode(workingDays, forKey: .workingDays)
            try container.encode(nextIn, forKey: .nextIn)
        }

        private enum CodingKeys: String, CodingKey {
            case basedIn, workingDays, nextIn
        }
    }

    /// Who is there next comes first.
    package let officers: [Officer]
    /// A day counts on which one of them is in.
    private let together: WorkingDays
    private let today: String

    /// - Parameter now: milliseconds since 1970.
    package init(in database: Database, now: Int64) throws {
        let today = CivilTime.londonDate(milliseconds: now)
        let holidays = try String.fetchSet(
            database, sql: "SELECT on_date FROM bank_holiday WHERE nation = 'ENG_WLS'")
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT working_days, based_in FROM staff_user WHERE role = 'NETWORK_OFFICER' AND status = 'ACTIVE'
                ORDER BY id
                """)
        officers = rows.map { row in
            let bits: Int = row["working_days"]
            return Officer(
                basedIn: row["based_in"], workingDays: WorkingDays.words(of: bits),
                nextIn: WorkingDays(bits: bits, holidays: holidays).next(from: today))
        }.sorted { ($0.nextIn ?? "9999") < ($1.nextIn ?? "9999") }
        together = WorkingDays(bits: rows.reduce(0) { $0 | $1["working_days"] as Int }, holidays: holidays)
        self.today = today
    }

    /// How many working days of the officers something has waited, the day on which it came not counted; nil where the
    /// network has no officer.
    package func waited(since milliseconds: Int64) -> Int? {
        guard !officers.isEmpty else { return nil }
        return together.count(after: CivilTime.londonDate(milliseconds: milliseconds), through: today)
    }

    /// An age with the officers' days beside it, such as `5 days, 2 working`.
    package func words(_ age: String, since milliseconds: Int64) -> String {
        waited(since: milliseconds).map { "\(age), \($0) working" } ?? age
    }
}
