import GRDB
import ReUniteSync
import TestSupport
import Testing

@Suite("Only the hub gives a home away, and never twice")
struct AllocationTests {
    private func request(
        _ number: UInt64, _ from: String, _ to: String?, at world: PolicyWorld, status: String = "REQUESTED"
    ) -> String {
        """
        INSERT INTO booking(id, centre_id, home, from_on, to_on, status) VALUES(\(literal(row(number))), \
        \(world.centreLiteral), 'Rose', '\(from)', \(to.map { "'\($0)'" } ?? "NULL"), '\(status)');
        """
    }

    private func status(_ number: UInt64) -> String { "SELECT status FROM booking \(AllocationTests.at(number))" }
    private static func at(_ number: UInt64) -> String { "WHERE id = \(literal(row(number)))" }

    @Test("Two offices ask for one home for weeks that overlap: the first to arrive has it", arguments: [false, true])
    func overlapping(swapped: Bool) throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-01", "2026-03-15", at: world))
        try world.guest.edit(request(2, "2026-03-08", "2026-03-22", at: world))
        #expect(try world.owner.value(status(1)) == .text("REQUESTED"))
        let offices = world.offices(swapped: swapped)
        for office in offices { try office.sync() }
        try world.settle()
        let (first, second): (UInt64, UInt64) = swapped ? (2, 1) : (1, 2)
        #expect(try world.value(status(first)) == .text("CONFIRMED"))
        #expect(try world.value(status(second)) == .text("REFUSED"))
        #expect(try offices[0].returned() == [] && offices[1].returned() == [.allocation])
        #expect(try world.quarantined() == [.allocation])
        #expect(try world.openConflicts() == 0)
    }

    @Test("One may begin on the day on which the other ends; without an end nothing comes after")
    func adjoining() throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-01", "2026-03-08", at: world))
        try world.guest.edit(request(2, "2026-03-08", nil, at: world))
        try world.settle()
        #expect(try world.value(status(1)) == .text("CONFIRMED"))
        #expect(try world.value(status(2)) == .text("CONFIRMED"))
        try world.owner.edit(request(3, "2027-01-01", "2027-02-01", at: world))
        try world.settle()
        #expect(try world.value(status(3)) == .text("REFUSED"))
    }

    @Test("What is released can be asked for again")
    func released() throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-01", "2026-03-15", at: world))
        try world.owner.sync()
        try world.guest.edit(request(2, "2026-03-01", "2026-03-15", at: world))
        try world.settle()
        #expect(try world.value(status(2)) == .text("REFUSED"))
        try world.owner.edit("UPDATE booking SET status = 'RELEASED', note = 'moved on' \(AllocationTests.at(1));")
        try world.settle()
        try world.guest.edit("UPDATE booking SET status = 'REQUESTED' \(AllocationTests.at(2));")
        try world.settle()
        #expect(try world.value(status(1)) == .text("RELEASED"))
        #expect(try world.guest.value(status(2)) == .text("CONFIRMED"))
    }

    @Test("A home that is left can be asked for in the same sync: what was typed first is judged first")
    func leftAndAskedFor() throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-01", "2026-03-22", at: world))
        try world.owner.edit(request(2, "2026-04-01", "2026-04-22", at: world))
        try world.settle()
        try world.owner.edit("UPDATE booking SET to_on = '2026-03-08', status = 'RELEASED' \(AllocationTests.at(1));")
        try world.owner.edit(request(3, "2026-03-15", "2026-03-29", at: world))
        // Shorter, and the rest for somebody else.
        try world.owner.edit(
            "UPDATE booking SET to_on = '2026-04-10', status = 'REQUESTED' \(AllocationTests.at(2));")
        try world.owner.edit(request(4, "2026-04-10", "2026-04-22", at: world))
        try world.settle()
        #expect(try world.value(status(3)) == .text("CONFIRMED"))
        #expect(try world.value(status(4)) == .text("CONFIRMED"))
        #expect(try world.value("SELECT to_on FROM booking \(AllocationTests.at(2))") == .text("2026-04-10"))
    }

    @Test("Another time is another request: refused, the booking stays as it was")
    func moved() throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-01", "2026-03-08", at: world))
        try world.owner.edit(request(2, "2026-03-08", "2026-03-15", at: world))
        try world.settle()
        #expect(throws: Failure.self) {
            try world.guest.edit("UPDATE booking SET to_on = '2026-03-10' \(AllocationTests.at(1));")
        }
        try world.guest.edit(
            "UPDATE booking SET to_on = '2026-03-10', status = 'REQUESTED', note = 'longer' \(AllocationTests.at(1));")
        try world.settle()
        #expect(try world.value("SELECT to_on FROM booking \(AllocationTests.at(1))") == .text("2026-03-08"))
        #expect(try world.value("SELECT note FROM booking \(AllocationTests.at(1))") == .text("longer"))
        #expect(try world.value(status(1)) == .text("CONFIRMED"))
        #expect(try world.guest.returned() == [.allocation])
        try world.guest.edit(
            "UPDATE booking SET to_on = '2026-03-05', status = 'REQUESTED' \(AllocationTests.at(1));")
        try world.settle()
        #expect(try world.value("SELECT to_on FROM booking \(AllocationTests.at(1))") == .text("2026-03-05"))
        #expect(try world.guest.value(status(1)) == .text("CONFIRMED"))
    }

    @Test("A change by somebody who had not seen how the booking stands is not taken")
    func unseen() throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-01", "2026-03-08", at: world))
        try world.settle()
        try world.guest.edit("UPDATE booking SET status = 'RELEASED';")
        try world.owner.edit("UPDATE booking SET to_on = '2026-04-01', status = 'REQUESTED';")
        try world.owner.sync()
        try world.settle()
        #expect(try world.value(status(1)) == .text("CONFIRMED"))
        #expect(try world.guest.returned() == [.allocation])
    }

    @Test("No client confirms: its triggers refuse it, and so does the hub")
    func noClientConfirms() throws {
        let world = try PolicyWorld()
        for status in ["CONFIRMED", "MOVED_IN", "REFUSED"] {
            #expect(throws: Failure.self) {
                try world.owner.edit(request(1, "2026-03-01", nil, at: world, status: status))
            }
        }
        try world.owner.edit(
            "DROP TRIGGER ru_booking_confirm_insert; \(request(1, "2026-03-01", nil, at: world, status: "CONFIRMED"))")
        try world.settle()
        #expect(try world.value("SELECT count(*) FROM booking") == .integer(0))
        #expect(try world.owner.returned() == [.role])
    }

    @Test("A request for no home, or for no time, is not one")
    func malformed() throws {
        let world = try PolicyWorld()
        try world.owner.edit(request(1, "2026-03-08", "2026-03-08", at: world))
        try world.owner.edit(
            "INSERT INTO booking(id, centre_id, from_on) VALUES(\(literal(row(2))), \(world.centreLiteral), '2026-03-01');"
        )
        try world.owner.edit(request(3, "2026-03-08", nil, at: world, status: "PERHAPS"))
        try world.settle()
        #expect(try world.owner.returned() == [.malformed, .malformed, .malformed])
    }

    @Test("Whatever two offices do offline, no two who hold the home overlap", arguments: [UInt64(1), 2, 3])
    func neverTwice(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = try PolicyWorld()
        func day() -> String { "2026-03-\(String(10 + Int.random(in: 0..<20, using: &random)))" }
        var confirmed = 0
        for step in UInt64(1)...30 {
            let office = world.offices(swapped: Bool.random(using: &random))[0]
            let known = UInt64.random(in: 1...step, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: try office.edit(request(step, day(), Bool.random(using: &random) ? day() : nil, at: world))
            case 2:
                try office.edit(
                    """
                    UPDATE booking SET from_on = '\(day())', to_on = '\(day())', status = 'REQUESTED' \
                    \(AllocationTests.at(known));
                    """)
            case 3: try office.edit("UPDATE booking SET status = 'RELEASED' \(AllocationTests.at(known));")
            default: try office.sync()
            }
            let overlaps = try world.read {
                try Int.fetchOne(
                    $0,
                    sql: """
                        WITH held AS (SELECT * FROM booking WHERE status IN ('CONFIRMED', 'MOVED_IN'))
                        SELECT count(*) FROM held a JOIN held b ON a.id < b.id AND a.home = b.home
                        WHERE (b.to_on IS NULL OR a.from_on < b.to_on) AND (a.to_on IS NULL OR b.from_on < a.to_on)
                        """)
            }
            #expect(overlaps == 0, "seed \(seed) step \(step)")
            confirmed +=
                try world.value("SELECT count(*) FROM booking WHERE status = 'CONFIRMED'") == .integer(0) ? 0 : 1
        }
        try world.settle()
        // A run in which nobody ever had the home would prove nothing.
        #expect(confirmed > 0)
    }
}
