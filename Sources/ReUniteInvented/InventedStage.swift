import Foundation
import GRDB
package import ReUniteHub
import ReUniteProgramme
package import ReUniteReplica
package import ReUniteSync
import ReUniteTransport

/// Plays an invented network: a real hub and the replicas of ten real offices, which write with plain SQL and sync every
/// twenty days of the story, by clocks that show the story's time.
package final class InventedStage {
    package struct Office: Sendable {
        package let code: String
        package let name: String
        /// The replica's file.
        package let path: String
        package fileprivate(set) var agrees = false
        package fileprivate(set) var rows = 0
        package fileprivate(set) var cases = 0
    }

    package let plan: InventedPlan
    package let hub: Hub
    package private(set) var offices: [Office] = []
    /// Referrals whose step could not be taken, with the reason: whatever would have followed did not happen.
    package private(set) var stuck: [Identifier: String] = [:]
    private let clock: InventedClock
    private let randomness: @Sendable () -> Identifier
    private let partners: [Identifier]
    private var replicas: [Replica] = []
    private var desks: [DatabaseQueue] = []
    /// Whose each case is.
    private var holders: [Identifier: Int] = [:]

    /// So many days of the story lie between two syncs of an office: twice as many are less than the 42 after which a
    /// referral expires.
    static let roundDays = 20

    /// - Parameters:
    ///   - folder: where the hub and the replicas will be; it must be there.
    ///   - hubURL: what the replicas will take for the hub's address.
    package init(
        _ plan: InventedPlan, in folder: String, network: NetworkSchema, hubURL: String = "http://127.0.0.1:8470",
        randomness: @escaping @Sendable () -> Identifier
    ) throws {
        self.plan = plan
        self.randomness = randomness
        let clock = InventedClock(plan.period.lowerBound.noon - 7_200_000)
        self.clock = clock
        let hub = try Hub.create(
            folder: folder + "/hub", name: "Invented network", network: network, time: clock, randomness: randomness)
        self.hub = hub
        try hub.set(leaseDays: 90, by: "demo", reason: "As the hub was made")
        partners = try plan.partners.map { partner in
            try hub.addPartner(code: partner.area, name: partner.name) { database, id in
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name, area, org_type) VALUES(?, ?, ?, ?, ?)",
                    arguments: [id.sqlBlob, partner.area, partner.name, partner.area, partner.type])
            }
        }
        try writeNetwork()
        for partner in plan.partners {
            let name = "\(partner.area.lowercased())-office"
            let path = "\(folder)/\(name).sqlite"
            let invitation = try hub.invite(partner: partner.area, name: name, role: "office", hours: 1)
            let enrolment = try Enrolment(code: invitation.code, path: path)
            let joined = try enrolment.finish(
                answer: try hub.enrol(enrolment.request), url: hubURL, deviceName: name, network: network, time: clock,
                randomness: randomness)
            _ = try DirectLine(replica: joined.replica, hub: hub).sync()
            replicas.append(joined.replica)
            desks.append(try EngineDatabase.open(path: path, role: .application, label: "application"))
            offices.append(Office(code: partner.area, name: partner.name, path: path))
        }
    }

    /// What the hub knows by itself: areas and since when they work, prisons that partners visit, who lets homes.
    private func writeNetwork() throws {
        try hub.insert("Making the invented network") { database, _ in
            try database.execute(sql: "INSERT INTO area(code, name) VALUES('TYN', 'Tyneside')")
            try writeAround(in: database)
            for (place, partner) in plan.partners.enumerated() {
                let (id, start) = (partners[place].sqlBlob, partner.start(plan.period))
                try database.execute(
                    sql: "INSERT INTO area_membership(area, partner_id, status, from_on) VALUES(?, ?, 'LIVE', ?)",
                    arguments: [partner.area, id, start.text])
                for prison in partner.prisons {
                    try database.execute(
                        sql: """
                            INSERT INTO inreach_coverage(partner_id, prison, state, from_on) VALUES(?, ?, ?, ?)
                            """,
                        arguments: [id, prison, "ACTIVE", start.text])
                }
                try database.execute(
                    sql: "INSERT INTO housing_provider(id, name, kind, area) VALUES(?, ?, 'HOUSING_ASSOCIATION', ?)",
                    arguments: [
                        plan.around.associations[place].sqlBlob, "\(partner.areaName) Homes (invented)", partner.area,
                    ])
            }
        }
    }

    private func writeAround(in database: Database) throws {
        let around = plan.around
        for body in around.bodies {
            try database.execute(
                sql: "INSERT INTO external_body(id, name, kind) VALUES(?, ?, ?)",
                arguments: [body.id.sqlBlob, body.name, body.kind])
        }
        for event in around.events {
            try database.execute(
                sql: "INSERT INTO network_event(id, kind, name, held_on) VALUES(?, ?, ?, ?)",
                arguments: [event.id.sqlBlob, event.kind, event.name, event.on.text])
        }
        for (number, question) in around.questions.enumerated() {
            try database.execute(
                sql: "INSERT INTO stocktake_question(id, as_at, section, sort, question) VALUES(?, ?, ?, ?, ?)",
                arguments: [
                    question.id.sqlBlob, InventedAround.stocktake(plan.period).text, question.section,
                    10 * (number + 1),
                    question.text,
                ])
        }
    }

    // MARK: Playing

    /// Plays to the end: two years, and everybody in step with the hub.
    ///
    /// - Parameter progress: called with how much of the story has been played, 0 to 1.
    package func play(progress: (Double) -> Void = { _ in }) throws {
        // To build a file anew takes longer than most syncs: each does so once, at the end.
        try Replica.$leavesPurgesOwed.withValue(true) {
            try playAll(progress: progress)
            try link()
        }
        try finish()
    }

    private func playAll(progress: (Double) -> Void) throws {
        var next = plan.writes.startIndex
        var day = plan.period.lowerBound
        var pending: [InventedWrite] = []
        while true {
            while next < plan.writes.endIndex, plan.writes[next].day <= day {
                pending.append(plan.writes[next])
                next += 1
            }
            for place in replicas.indices {
                clock.move(to: day.noon + 18_000_000 + Int64(place) * 60_000)
                try work(take(&pending, of: place), at: place)
            }
            // A case that went to an office whose turn was over has to wait; at the end nothing waits.
            if day == plan.period.upperBound {
                for place in replicas.indices { try work(take(&pending, of: place), at: place) }
            }
            _ = try hub.tend()
            progress(Double(day.number - plan.period.lowerBound.number) / 730)
            if day == plan.period.upperBound { break }
            day = min(day + InventedStage.roundDays, plan.period.upperBound)
        }
    }

    /// What is an office's to write, by who has each case now.
    private func take(_ pending: inout [InventedWrite], of place: Int) -> [InventedWrite] {
        var own: [InventedWrite] = []
        var others: [InventedWrite] = []
        for write in pending {
            let holder = write.caseID.map { holders[$0, default: write.partner] } ?? write.partner
            if holder == place { own.append(write) } else { others.append(write) }
        }
        pending = others
        return own
    }

    private func work(_ writes: [InventedWrite], at place: Int) throws {
        // An office that has nothing to write yet keeps in touch all the same: its lease would end.
        guard !writes.isEmpty else { return try sync(place) }
        let hasSteps = writes.contains { if case .step = $0.act { true } else { false } }
        // Whoever answers a referral looks first what has come.
        if hasSteps { try sync(place) }
        var done: [Identifier] = []
        let now = clock.wallMilliseconds
        try desks[place].immediately { database in
            func last(_ table: String) throws -> Int64 {
                let find = try database.cachedStatement(sql: "SELECT coalesce(max(seq), 0) FROM \(table)")
                return try Int64.fetchOne(find) ?? 0
            }
            // The triggers take the time from SQLite, which no story can move: the marks are dated before they count.
            let (marks, steps) = (try last("ru_journal"), try last("ru_values"))
            for write in writes {
                guard case .step(let step) = write.act else {
                    try write.perform(by: place, partners: partners, in: database, now: now)
                    continue
                }
                guard stuck[write.id] == nil else { continue }
                do {
                    try write.perform(by: place, partners: partners, in: database, now: now)
                    if case .sign = step { done.append(write.id) }
                } catch let failure as Failure {
                    stuck[write.id] = "\(step): \(failure.why)"
                }
            }
            for (table, from) in [("ru_journal", marks), ("ru_values", steps)] {
                try database.cachedStatement(sql: "UPDATE \(table) SET ms = ? WHERE seq > ?")
                    .execute(arguments: [now, from])
            }
        }
        try sync(place)
        for referral in done { try note(signed: referral, at: place) }
    }

    /// A case that has changed hands is written by its new owner from now on.
    private func note(signed referral: Identifier, at place: Int) throws {
        let owned = try replicas[place].read("Looking whose the case is") { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT c.id FROM referral r JOIN case_file c ON c.id = r.case_id
                    WHERE r.id = ? AND r.to_partner_id = ?2 AND c.owner_partner_id = ?2
                    """, arguments: [referral.sqlBlob, partners[place].sqlBlob])?.identifier("id")
        }
        if let owned { holders[owned] = place }
    }

    private func sync(_ place: Int) throws {
        clock.move(to: 0)
        offices[place].agrees = try DirectLine(replica: replicas[place], hub: hub).sync().digest == .match
    }

    /// The hub's operator has seen that some women are on record twice; the last pair nobody has noticed yet.
    private func link() throws {
        for pair in plan.twice.dropLast() {
            let rows = try hub.read("Finding the women") { database in
                try PersonLinks.decide(
                    try person(of: pair.0, in: database), try person(of: pair.1, in: database), isDifferent: false,
                    isVerified: true, reason: "One health number, one date of birth", in: database)
            }
            try hub.insert("Linking the women", noting: [.word(.code, "person-link")]) {
                try rows.insert(into: $0, now: $1)
            }
        }
    }

    private func person(of caseID: Identifier, in database: Database) throws -> String {
        try Row.fetchOne(database, sql: "SELECT id FROM person WHERE case_id = ?", arguments: [caseID.sqlBlob])?
            .identifier("id").description ?? ""
    }

    /// Everybody syncs until all agree, and the files are left as a program that ends leaves them.
    private func finish() throws {
        for _ in 0..<2 { for place in replicas.indices { try sync(place) } }
        for place in replicas.indices {
            let counts = try replicas[place].read("Counting") { database in
                try ["ru_clock", "case_file"].map {
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0
                }
            }
            (offices[place].rows, offices[place].cases) = (counts[0], counts[1])
            try desks[place].close()
        }
    }
}
