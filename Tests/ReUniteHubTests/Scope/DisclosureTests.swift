import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What is shown to whom is on record before it leaves")
struct DisclosureTests {
    /// Every row of a centre that an office holds, as `table id`.
    private func held(by office: Office) throws -> Set<String> {
        var rows = Set<String>()
        for table in ["centre", "job", "result", "remark", "plan", "item"] {
            let found = try office.replica.read("Reading") {
                try Row.fetchAll($0, sql: "SELECT id FROM \(table)").map { $0.identifier("id").description }
            }
            rows.formUnion(found.map { "\(table) \($0)" })
        }
        return rows
    }

    private func shown(to partner: String, _ world: ScopeWorld) throws -> [Disclosure.DisclosedRow] {
        try world.hub.disclosures(of: [world.centre]).filter { $0.partner == partner }.flatMap { $0.rows ?? [] }
    }

    @Test("A device holds nothing that it did not write itself and that is not on record, whatever is written")
    func complete() throws {
        for seed in UInt64(1)...6 {
            let world = try ScopeWorld()
            var generator = SeededGenerator(seed: seed)
            var written: [String: Set<String>] = ["OWN": [], "GST": []]
            for number in UInt64(1)...25 {
                let (office, code) = Bool.random(using: &generator) ? (world.owner, "OWN") : (world.guest, "GST")
                switch Int.random(in: 0..<4, using: &generator) {
                case 0:
                    try office.edit("UPDATE job SET label = 'label \(number)'")
                case 1:
                    let id = row(100 + number)
                    try office.edit(
                        "INSERT INTO plan(id, centre_id, aim) VALUES(\(literal(id)), \(literal(world.centre)), 'a')")
                    written[code]?.insert("plan \(id)")
                case 2:
                    let id = try world.job(number, label: "job \(number)", by: office)
                    written[code]?.insert("job \(id)")
                default: try world.sync(office)
                }
            }
            try world.settle()
            for (office, code) in [(world.owner, "OWN"), (world.guest, "GST")] {
                let known = Set(try shown(to: code, world).map { "\($0.table.name) \($0.row)" })
                let missing = try held(by: office).subtracting(known).subtracting(written[code] ?? [])
                #expect(missing == [], "seed \(seed): \(code) holds what nobody recorded")
            }
            #expect(try world.hub.disclosures(of: [world.centre]).allSatisfy { $0.isIntact == true }, "seed \(seed)")
            let entries = try world.count("hub_disclosure")
            #expect(try world.count("hub_disclosure WHERE seq BETWEEN 1 AND \(entries)") == entries, "seed \(seed)")
        }
    }

    @Test("A line names the partner, the device, the time, the grant and the version")
    func names() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "first")
        try world.settle()
        try world.owner.edit("UPDATE job SET label = 'second'")
        try world.settle()
        let lines = try world.hub.disclosures(of: [world.centre]).filter { $0.partner == "GST" }
        let versions = lines.flatMap { $0.rows ?? [] }.filter { $0.row == job.description }.map(\.version)
        #expect(versions.count == 2 && versions[0] < versions[1])
        let last = try #require(lines.last)
        #expect(last.deviceName == "guest" && last.role == "office" && last.relations == "SENDER")
        #expect(last.why == "works there" && last.isOpen)
        #expect(last.position >= versions[1] && last.opened <= versions[0])
    }

    @Test("A row's own author is not shown it, and shared rows are not on record at all")
    func leavesOut() throws {
        let world = try ScopeWorld()
        let job = try world.job(1, label: "mine")
        try world.settle()
        #expect(try !shown(to: "OWN", world).contains { $0.row == job.description })
        #expect(try shown(to: "GST", world).contains { $0.row == job.description })
        #expect(try world.hub.disclosures(of: [.zero]).isEmpty)
    }

    @Test("A line that somebody changes later no longer fits its leaf")
    func tampering() throws {
        let world = try ScopeWorld()
        try world.job(1, label: "one")
        try world.settle()
        for column in ["at_ms", "opened", "position", "device"] {
            let database = try DatabaseQueue(path: world.folder.file("hub/hub.sqlite"))
            for (step, isIntact) in [("+ 1", false), ("- 1", true)] {
                // The first line is about the first device; there is a second one for it to name instead.
                try database.write {
                    try $0.execute(sql: "UPDATE hub_disclosure SET \(column) = \(column) \(step) WHERE seq = 1")
                }
                #expect(
                    try world.hub.disclosures(of: [world.centre]).first { $0.sequence == 1 }?.isIntact == isIntact,
                    "\(column) \(step)")
            }
        }
    }

    @Test("A delivery that waits in a file is on record with the file, and not once its grant has closed")
    func waiting() throws {
        let world = try ScopeWorld()
        var generator = SeededGenerator(seed: 9)
        for number in UInt64(1)...40 {
            let noise = (0..<12_000).map { _ in String(UInt8.random(in: 33...126, using: &generator), radix: 36) }
            try world.owner.edit(
                """
                INSERT INTO remark(id, centre_id, said)
                VALUES(\(literal(row(number))), \(literal(world.centre)), '\(noise.joined())')
                """)
        }
        try world.sync(world.owner)
        let before = try shown(to: "GST", world).count
        let answer = try world.guest.exchange(
            try world.guest.replica.nextRequest(after: 0, limit: 64 * 1_024).request)
        guard case .fetch = answer.body else {
            Issue.record("the delivery did not wait: \(answer.body)")
            return
        }
        #expect(try shown(to: "GST", world).count == before + 40)
        #expect(try world.count("hub_delivery") == 1)
        try world.setActive(false, "GST")
        #expect(try world.count("hub_delivery") == 0)
        _ = try world.guest.exchange(try world.guest.replica.nextRequest(after: 0, limit: 64 * 1_024).request)
        #expect(try shown(to: "GST", world).count == before + 40)
    }
}
