import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport
import Testing

@Suite("A step whose author replaced the row leaves the state that its author had seen")
struct CoarseStepTests {
    /// A hub with one member of staff, who is `ACTIVE`.
    private struct Desk {
        let folder: TemporaryFolder
        let hub: Hub
        let created: Op
        let status: UInt64

        init() throws {
            folder = try TemporaryFolder()
            hub = try Hub.create(
                folder: folder.file("hub"), name: "Test hub",
                network: NetworkSchema(
                    migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) }, reference: Schemas.reference),
                time: ScriptedTime(), randomness: ScriptedRandomness(seed: 1).identifier)
            let partner = try hub.addPartner(code: "SRY", name: "Willow House") { database, id in
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name) VALUES(?, 'SRY', 'Willow House')",
                    arguments: [id.sqlBlob])
            }
            let network = NetworkSchema(migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) })
            let ops = try ScratchCapture.ops(network: network) {
                try $0.execute(
                    sql: "INSERT INTO staff_user(partner_id, display_name) VALUES(?, 'Ada')",
                    arguments: [partner.sqlBlob])
            }
            created = try #require(ops.first)
            let table = try #require(hub.store.tables[created.table])
            status = 1 << UInt64(try #require(table.columns.first { $0.name == "status" }).group)
            #expect(try hub.submit(ops).flatMap(\.exceptions) == [])
        }

        /// What the hub says of a step that names no state that it leaves.
        func step(to state: String, flags: Op.Flags = .coarse) throws -> [Receipt.OpException] {
            let op = Op(
                table: created.table, key: created.key, kind: .transit, flags: flags, groups: status,
                stamp: created.stamp, values: [.text(state)])
            return try hub.submit([op]).flatMap(\.exceptions)
        }

        func shown() throws -> String {
            try ForeignClient.shell("SELECT status FROM staff_user;", on: folder.file("hub/hub.sqlite")).output
        }
    }

    @Test("It is taken where the network allows the step from that state")
    func allowed() throws {
        let desk = try Desk()
        #expect(try desk.step(to: "LEFT") == [])
        #expect(try desk.shown() == "LEFT\n")
    }

    @Test("The state that is shown already changes nothing")
    func unchanged() throws {
        let answer = try Desk().step(to: "ACTIVE")
        #expect(answer.map(\.verdict) == [.obsolete])
        #expect(answer.map(\.reason) == [.unchanged])
    }

    @Test("A step that the network does not allow from there is a person's business")
    func refused() throws {
        let desk = try Desk()
        #expect(try desk.step(to: "AWAY").map(\.reason) == [.transition])
        #expect(try desk.shown() == "ACTIVE\n")
    }

    @Test("Without the coarse flag a step must say what it leaves")
    func fromNowhere() throws {
        #expect(try Desk().step(to: "LEFT", flags: []).map(\.reason) == [.transition])
    }
}
