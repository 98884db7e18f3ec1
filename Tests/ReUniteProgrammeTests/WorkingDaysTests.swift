import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("Whoever works two days a week is told of by these days")
struct WorkingDaysTests {
    /// 21 November 2026 is a Saturday.
    @Test(
        "The next day in is the first of theirs that is no bank holiday",
        arguments: [
            (3, "2026-11-21", "2026-11-23"), (3, "2026-11-23", "2026-11-23"), (3, "2026-11-24", "2026-11-24"),
            (3, "2026-11-25", "2026-11-30"), (64, "2026-11-21", "2026-11-22"), (16, "2026-12-19", "2027-01-08"),
            // Christmas Day is a Friday, and so is New Year's Day.
            (16, "2026-12-25", "2027-01-08"), (31, "2026-12-25", "2026-12-29"),
        ])
    func next(bits: Int, from: String, expected: String) {
        let holidays: Set = ["2026-12-25", "2026-12-28", "2027-01-01"]
        #expect(WorkingDays(bits: bits, holidays: holidays).next(from: from) == expected)
    }

    @Test("Who has no days is never in")
    func never() {
        #expect(WorkingDays(bits: 0).next(from: "2026-11-21") == nil)
        #expect(WorkingDays(bits: 0).count(after: "2020-01-01", through: "2026-11-21") == 0)
    }

    @Test(
        "Waiting counts their days after the one on which it came, up to today",
        arguments: [
            ("2026-11-24", "2026-11-24", 0), ("2026-11-24", "2026-11-29", 0), ("2026-11-24", "2026-11-30", 1),
            ("2026-11-20", "2026-11-24", 2), ("2026-12-24", "2027-01-04", 2), ("2026-11-30", "2026-11-24", 0),
        ])
    func waited(from: String, to: String, expected: Int) {
        #expect(WorkingDays(bits: 3, holidays: ["2026-12-28"]).count(after: from, through: to) == expected)
    }

    @Test("No age is too great to be counted")
    func oldest() {
        #expect(WorkingDays(bits: 127).count(after: "0001-01-01", through: "9999-12-31") == 36_600)
    }

    @Test(
        "Days are read as people write them",
        arguments: [
            ("Mon,Tue", 3), ("mon, tue", 3), ("Monday Tuesday", 3), ("Mon and Tue", 3), ("Mon-Wed", 7),
            ("Monday to Friday", 31), ("Tues; Thurs", 10), ("Mondays", 1), ("sat/sun", 96), ("Mon–Wed, Fri", 23),
            ("none", 0),
        ])
    func read(text: String, bits: Int) {
        #expect(WorkingDays.bits(text) == bits)
        #expect(WorkingDays.bits(WorkingDays.words(of: bits)) == bits)
    }

    @Test("What is no day of a week is none", arguments: ["", "3", "M,T", "Mo", "Fri-Mon", "Mon-Tue-Wed", "Mon,x"])
    func unread(text: String) {
        #expect(WorkingDays.bits(text) == nil)
    }

    private func officer(_ network: Network, _ cells: String) throws -> OfficerClock {
        try network.edit { database in
            try database.execute(
                sql: "INSERT INTO staff_user(partner_id, display_name, \(cells)", arguments: [Network.surrey.sqlBlob])
            return try OfficerClock(in: database, now: Network.noon)
        }
    }

    @Test("A network without an officer counts nobody's days")
    func nobody() throws {
        let clock = try officer(try Network(), "role, working_days) VALUES(?, 'Ann', 'PARTNER_MANAGER', 3)")
        #expect(clock.officers.isEmpty && clock.waited(since: Network.noon) == nil)
        #expect(clock.words("5 days", since: 0) == "5 days")
    }

    @Test("An officer's place and next day are told, without a name, and who left is nobody's officer")
    func officers() throws {
        let network = try Network()
        var clock = try officer(
            network, "role, working_days, based_in) VALUES(?, 'Ann', 'NETWORK_OFFICER', 3, 'Leeds')")
        #expect(clock.officers.map(\.words) == ["The network officer, Leeds, is next in on Monday 23 November 2026."])
        #expect(clock.officers.map(\.workingDays) == ["Mon, Tue"])
        // It came on the Monday before; Tuesday alone has been hers since.
        #expect(clock.words("5 days", since: Network.noon - 5 * 86_400_000) == "5 days, 1 working")
        clock = try officer(network, "role, working_days) VALUES(?, 'Bea', 'NETWORK_OFFICER', 8)")
        #expect(clock.officers.map(\.nextIn) == ["2026-11-23", "2026-11-26"])
        #expect(clock.waited(since: Network.noon - 5 * 86_400_000) == 2)
        clock = try network.edit { database in
            try database.execute(sql: "UPDATE staff_user SET status = 'LEFT', left_at = 1 WHERE working_days = 3")
            return try OfficerClock(in: database, now: Network.noon)
        }
        #expect(
            clock.officers.map(\.words) == ["The network officer is next in on Thursday 26 November 2026."])
    }

    @Test("On a bank holiday of England and Wales nobody is in, and it is no day of waiting")
    func holiday() throws {
        let network = try Network()
        let clock = try network.edit { database in
            try database.execute(
                sql: "INSERT INTO staff_user(partner_id, display_name, role, working_days) VALUES(?, 'A', ?, 1)",
                arguments: [Network.surrey.sqlBlob, "NETWORK_OFFICER"])
            // Sunday, 27 December 2026: Monday the 28th is a substitute for Boxing Day.
            return try OfficerClock(in: database, now: Network.noon + 36 * 86_400_000)
        }
        #expect(clock.officers.map(\.nextIn) == ["2027-01-04"])
    }

    @Test("The desk's form and an import take days in words, and say in words what is none")
    func typed() throws {
        let network = try Network()
        func add(_ days: String) throws -> RowEditor.Outcome {
            try network.edit {
                try RowEditor($0, partner: Network.surrey, now: Network.noon).add(
                    "staff_user", to: Network.surrey, ["display_name": "Ann", "working_days": days])
            }
        }
        guard case .saved(let id, _) = try add("Mon, Tue") else {
            Issue.record("it was refused")
            return
        }
        let form = try network.edit {
            try RowEditor($0, partner: Network.surrey, now: Network.noon).form(of: id, in: "staff_user")
        }
        let field = form.fields.first { $0.column == "working_days" }
        #expect(field?.value == "Mon, Tue" && field?.unit == "")
        #expect(try network.values("SELECT CAST(working_days AS TEXT) FROM staff_user") == ["3"])
        guard case .wrong(let problems) = try add("Sometimes") else {
            Issue.record("it was taken")
            return
        }
        #expect(problems.map(\.text) == ["Working days: these are no days of a week. Write them as Mon, Tue."])
        let report = try network.load(
            "display_name,working_days", "Bea,Mon-Wed", "Cat,8", "Dot,Sometimes", into: "staff_user")
        #expect(report.errors.map(\.line) == [4] && report.errors.first?.why == "these are no days of a week")
        try network.load("display_name,working_days", "Bea,Mon-Wed", "Cat,8", into: "staff_user")
        #expect(
            try network.values("SELECT CAST(working_days AS TEXT) FROM staff_user ORDER BY display_name")
                == ["3", "7", "8"])
    }

    @Test("Staff are added with their days and their place; what is no day is refused")
    func staff() throws {
        let network = try Network()
        let member = try network.edit {
            try StaffUsers.add(
                login: "robin", name: "Robin", role: "NETWORK_OFFICER", days: "Mon,Tue", basedIn: "Leeds",
                by: Network.surrey, in: $0)
        }
        #expect(member.workingDays == "Mon, Tue" && member.basedIn == "Leeds")
        let failure = try network.failure {
            _ = try StaffUsers.add(
                login: "jo", name: "Jo", role: "MENTOR", days: "Never", by: Network.surrey, in: $0)
        }
        #expect(failure?.why == "what is named are no days of a week")
    }
}
