import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// What a sync costs the hub, however many cases others have: measured in steps of SQLite's virtual machine, which are
/// the same on every machine, on the Re-Unite network.
@Suite("A sync costs in proportion to what changed in the replica's own scope")
struct CostTests {
    @Test("Ten times as many cases of others make no sync dearer")
    func proportion() throws {
        let small = try Scene(foreignCases: 40)
        let large = try Scene(foreignCases: 400)
        let (few, many) = (try small.measure(), try large.measure())
        for (left, right) in zip(few, many) {
            #expect(
                Double(right.steps) <= Double(left.steps) * 1.1 + 100,
                "\(left.what): \(left.steps) steps among 40 cases of others, \(right.steps) among 400")
            #expect(
                abs(right.bytes - left.bytes) <= left.bytes / 10 + 64, "\(left.what): \(left.bytes) and \(right.bytes)")
        }
    }

    @Test("No statement of a sync reads the whole of a table that grows with the network")
    func plans() throws {
        let scene = try Scene(foreignCases: 20)
        _ = try scene.measure()
        let statements = scene.meter.statements.filter { sql in
            ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { sql.hasPrefix($0) }
        }
        #expect(statements.count > 40)
        var scans: [String] = []
        for sql in statements.sorted() {
            let plan = try scene.world.reader.read { database in
                // Parameters are left open: a plan does not depend on them here.
                let statement = try EngineStatement(database, "EXPLAIN QUERY PLAN " + sql)
                var lines: [String] = []
                while try statement.step() { lines.append(statement.text(3)) }
                return lines
            }
            // Whether there is anything at all is known after one step of an index that holds nothing else.
            if sql.hasPrefix("SELECT 1 FROM"), sql.contains("LIMIT"),
                plan.allSatisfy({ $0.contains("INDEX") }) || !sql.contains("WHERE")
            {
                continue
            }
            for line in plan where line.hasPrefix("SCAN ") && !Self.isSmall(line) {
                // From the end, and no further than the first.
                if line == "SCAN hub_batch", sql.contains("hub_batch ORDER BY no DESC LIMIT 1") { continue }
                scans.append("\(line): \(sql.prefix(200))")
            }
        }
        #expect(scans.isEmpty, "\(scans.joined(separator: "\n"))")
    }

    /// Whether a scan is of something that does not grow with cases: one row, one partner a row, or a part of the schema.
    private static func isSmall(_ line: String) -> Bool {
        let name = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        // `n` is what views call `ru_now`, which has one row, `w` and `b` lists of columns and of bedrooms, `day` the
        // working days after a void; what is read of a view is what its own lines found.
        return [
            "hub_clock", "hub_meta", "hub_void", "hub_epoch", "pragma_database_list", "CONSTANT", "n", "w", "b", "day",
        ].contains(name) || name.hasPrefix("(")
            || name.hasPrefix("ru_") || name.hasSuffix("_duty")
    }

    @Test(
        "How much a sync costs among many cases (a measurement: REUNITE_SCALE=1000,10000,100000)",
        .enabled(if: ProcessInfo.processInfo.environment["REUNITE_SCALE"] != nil))
    func measurement() throws {
        let sizes = (ProcessInfo.processInfo.environment["REUNITE_SCALE"] ?? "").split(separator: ",").compactMap {
            Int($0)
        }
        var table: [String: [String]] = [:]
        var order: [String] = []
        for size in sizes {
            let scene = try Scene(foreignCases: size)
            var runs: [String: [Measure]] = [:]
            for _ in 0..<5 {
                for measure in try scene.measure() {
                    if !order.contains(measure.what) { order.append(measure.what) }
                    runs[measure.what, default: []].append(measure)
                }
            }
            for (what, list) in runs {
                let middle = list.sorted { $0.milliseconds < $1.milliseconds }[list.count / 2].milliseconds
                let steps = list.map(\.steps).sorted()[list.count / 2]
                let bytes = list.map(\.bytes).sorted()[list.count / 2]
                table[what, default: []].append("\(steps) steps, \(bytes) B, \((middle * 10).rounded() / 10) ms")
            }
        }
        print("cases of others: \(sizes)")
        for what in order { print("\(what) | \((table[what] ?? []).joined(separator: " | "))") }
    }

    /// What one thing cost the hub, and how many bytes went over the wire.
    struct Measure {
        let what: String
        let steps: Int
        let bytes: Int
        let milliseconds: Double
    }

    /// A small caseload of Surrey's, and many cases of Derby's.
    private final class Scene {
        let world: World
        let meter: StepMeter
        private var cases: [CaseRows] = []
        private var foreign: [Identifier] = []
        private var round = 0

        init(foreignCases: Int) throws {
            world = try World(seed: 31, shape: .third)
            meter = try StepMeter(world.hub)
            for number in 0..<4 {
                cases.append(
                    try world.openCase(on: world.surreyOffice, marker: "own\(number)", naming: world.gloucester))
            }
            for start in stride(from: 0, to: foreignCases, by: 1_000) {
                try openForeign(min(1_000, foreignCases - start))
            }
            for _ in 0..<2 {
                for device in [world.surreyOffice, world.surreyLaptop, world.gloucestershire] { try world.sync(device) }
            }
        }

        /// Derby's office worked for a year; what it did came through the hub's own door.
        private func openForeign(_ count: Int) throws {
            let made = (0..<count).map { _ in (world.newID(), world.newID()) }
            foreign += made.map(\.1)
            try submit { database in
                for (id, need) in made {
                    try database.execute(
                        sql:
                            "INSERT INTO case_file(id, ref, opened_on, owner_partner_id) VALUES(?, ?, '2026-03-01', ?)",
                        arguments: [id.sqlBlob, "F\(id.low % 1_000_000)", self.world.partners[2].sqlBlob])
                    try database.execute(
                        sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', 'foreign')",
                        arguments: [need.sqlBlob, id.sqlBlob])
                }
            }
        }

        private func submit(_ body: @escaping (Database) throws -> Void) throws {
            let ops = try ScratchCapture.ops(
                network: .reunite, body)
            #expect(try world.hub.submit(ops).allSatisfy { $0.exceptions.isEmpty })
        }

        /// As many changes of needs that are none of Surrey's business.
        private func changeForeign(_ count: Int) throws {
            let stamp = HybridTime(milliseconds: world.hubTime.wallMilliseconds)
            let table = try #require(world.hub.store.tables.tables.first { $0.name == "need" })
            let group = try #require(table.columns.first { $0.name == "detail" }?.group)
            try world.hub.submit(
                foreign.prefix(count).map { key in
                    Op(
                        table: table.number, key: key, kind: .set, groups: 1 << UInt64(group), stamp: stamp,
                        values: [.text("changed \(round)")])
                })
        }

        private func note(_ count: Int, on device: Device) throws {
            let now = device.time.wallMilliseconds
            try device.edit { database in
                for number in 0..<count {
                    try database.execute(
                        sql: """
                            INSERT INTO case_note(id, case_id, body, recorded_for_at, entered_at) VALUES(?, ?, ?, ?, ?)
                            """,
                        arguments: [
                            self.world.newID().sqlBlob, self.cases[number % 4].id.sqlBlob, "note \(number)", now, now,
                        ])
                }
            }
        }

        private func measure(_ what: String, _ device: Device) throws -> Measure {
            var outcome = SyncOutcome()
            var milliseconds = 0.0
            let steps = try meter.steps {
                let clock = ContinuousClock()
                let start = clock.now
                outcome = try world.sync(device)
                let spent = start.duration(to: clock.now).components
                milliseconds = Double(spent.seconds) * 1_000 + Double(spent.attoseconds) / 1e15
            }
            #expect(outcome.digest == .match)
            return Measure(
                what: what, steps: steps, bytes: outcome.pulledBytes + outcome.pushedBytes, milliseconds: milliseconds)
        }

        /// A question about who wrote a record.
        private func asking(_ what: String, _ device: Device, about key: Identifier) throws -> Measure {
            let number = try #require(world.hub.store.tables.tables.first { $0.name == "need" }).number
            let sealed = try device.replica.seal(HistoryQuestion(table: number, key: key))
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: sealed.keyNumber, ticket: try device.replica.ticket(),
                body: sealed.body)
            var answer: [UInt8] = []
            let steps = try meter.steps {
                if case .answer(let bytes) = try world.hub.history(signed) { answer = bytes }
            }
            let opened = try device.replica.open(history: answer, to: sealed)
            try device.replica.keep(ticket: opened.ticket)
            guard case .entries(let entries, _) = opened.body, !entries.isEmpty else {
                Issue.record("nothing was told")
                return Measure(what: what, steps: 0, bytes: 0, milliseconds: 0)
            }
            return Measure(what: what, steps: steps, bytes: answer.count, milliseconds: 0)
        }

        /// Every kind of sync once.
        func measure() throws -> [Measure] {
            round += 1
            let (office, laptop, other) = (world.surreyOffice, world.surreyLaptop, world.gloucestershire)
            for device in [office, laptop, other] { try world.sync(device) }
            var found = [try measure("nothing changed", office)]
            for count in [10, 100] {
                try note(count, on: laptop)
                found.append(try measure("\(count) rows sent", laptop))
                found.append(try measure("\(count) rows received", office))
            }
            try changeForeign(1_000)
            found.append(try measure("nothing changed, others changed much", office))
            let rows = try world.openCase(on: office, marker: "moving\(round)", naming: world.gloucester)
            let referral = try world.refer(rows.id, on: office, to: world.gloucester)
            found.append(try measure("a case opened and referred", office))
            try world.sync(other)
            try world.accept(referral, on: other)
            found.append(try measure("the referral accepted: a case enters", other))
            try world.sync(office)
            found.append(try asking("who wrote a need of the case", other, about: rows.need))
            try world.withdraw(referral, on: office)
            found.append(try measure("the referral withdrawn", office))
            found.append(try measure("the case leaves", other))
            return found
        }
    }
}
