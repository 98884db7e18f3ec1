import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situations 10 to 13 of the catalogue of conflicts.
@Suite("What protects her, and where her children are")
struct ProtectionAndChildrenTests {
    @Test(
        "10: an order lifted in the office and broken at the prison: both stay side by side, and it counts as in force",
        arguments: SyncOrder.ofTwo)
    func restrainingOrder(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let court = scene.world.newID()
            func record(_ device: Device, _ id: Identifier, lifts: Identifier? = nil, breaks: Identifier? = nil) throws
            {
                try device.edit {
                    try $0.execute(
                        sql: """
                            INSERT INTO contact_restriction(
                              id, case_id, subject_id, kind, order_ref, lifts_id, breaches_id)
                            VALUES(?, ?, ?, 'RESTRAINING', 'GU-1', ?, ?)
                            """,
                        arguments: [
                            id.sqlBlob, scene.rows.id.sqlBlob, scene.rows.person.sqlBlob, lifts?.sqlBlob,
                            breaks?.sqlBlob,
                        ])
                }
            }
            func inForce(_ device: Device) throws -> Bool {
                try device.read {
                    try Int.fetchOne(
                        $0, sql: "SELECT 1 FROM contact_restriction_in_force WHERE id = ?",
                        arguments: [court.sqlBlob]) == 1
                }
            }
            try record(scene.office, court)
            try await scene.settle()
            let (lift, breach) = (scene.world.newID(), scene.world.newID())
            try record(scene.office, lift, lifts: court)
            #expect(try !inForce(scene.office))
            try record(scene.laptop, breach, breaks: court)
            try await scene.meet([scene.office, scene.laptop], in: order)
            for device in [scene.office, scene.laptop] {
                for id in [court, lift, breach] { #expect(try device.holds("contact_restriction", id)) }
                #expect(try inForce(device))
            }
            let clash = try #require(try scene.world.hub.clashes().first)
            #expect(clash.table == "contact_restriction")
            #expect(Set(clash.rows.map(\.row)) == [lift.description, breach.description])
            // A manager who knows of the breach lifts it once more.
            try scene.office.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO contact_restriction(case_id, subject_id, kind, order_ref, lifts_id, confirmed)
                        VALUES(?, ?, 'RESTRAINING', 'GU-2', ?, 1)
                        """, arguments: [scene.rows.id.sqlBlob, scene.rows.person.sqlBlob, court.sqlBlob])
            }
            try await scene.settle()
            #expect(try !inForce(scene.laptop))
        }
    }

    @Test(
        "11: a risk lowered in the office, raised at the visit and lowered elsewhere: the highest is in force at once",
        arguments: SyncOrder.ofThree)
    func risk(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let flag = scene.world.newID()
            try scene.office.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO risk_flag(id, case_id, kind, level) VALUES(?, ?, 'CHILDREN', 'MEDIUM')
                        """, arguments: [flag.sqlBlob, scene.rows.id.sqlBlob])
            }
            try await scene.settle()
            try scene.laptop.set("level", of: "risk_flag", flag, to: "VERY_HIGH")
            scene.world.advance(milliseconds: 3_600_000)
            try scene.office.set("level", of: "risk_flag", flag, to: "LOW")
            try scene.gloucestershire.set("known_as", of: "person", scene.rows.person, to: "not hers to write")
            try await scene.meet([scene.office, scene.laptop, scene.gloucestershire], in: order)
            try scene.expect("level", of: "risk_flag", flag, is: "VERY_HIGH")
            let open = try #require(try scene.conflicts().first { $0.columns == ["level"] })
            // An ordinary edit does not lower it either; only the decision does.
            try scene.office.set("level", of: "risk_flag", flag, to: "HIGH")
            try await scene.settle()
            try scene.expect("level", of: "risk_flag", flag, is: "VERY_HIGH")
            _ = try scene.world.hub.resolve(
                open.id, .value(json: "\"HIGH\""), by: "operator", reason: "Reviewed with the probation officer")
            try await scene.settle()
            try scene.expect("level", of: "risk_flag", flag, is: "HIGH")
            #expect(try scene.conflicts().isEmpty)
        }
    }

    @Test(
        "12: one child added twice: suggested, linked by the operator, both rows keep their episodes, she counts once",
        arguments: SyncOrder.ofTwo)
    func childTwice(order: SyncOrder) async throws {
        try await Situation.play { scene in
            func add(_ device: Device, _ name: String, born: String, legal: String) throws -> Identifier {
                let child = scene.world.newID()
                let episode = scene.world.newID()
                try device.edit { database in
                    try database.execute(
                        sql: "INSERT INTO child(id, case_id, first_name, date_of_birth) VALUES(?, ?, ?, ?)",
                        arguments: [child.sqlBlob, scene.rows.id.sqlBlob, name, born])
                    try database.execute(
                        sql: """
                            INSERT INTO child_care_episode(id, case_id, child_id, from_on, legal_status)
                            VALUES(?, ?, ?, '2026-01-10', ?)
                            """,
                        arguments: [episode.sqlBlob, scene.rows.id.sqlBlob, child.sqlBlob, legal])
                }
                return child
            }
            let charlie = try add(scene.office, "Charlie", born: "2021-05-04", legal: "V2")
            let charles = try add(scene.laptop, "Charles", born: "2021-05-05", legal: "C1")
            try await scene.meet([scene.office, scene.laptop], in: order)
            let hub = scene.world.hub
            let now = scene.world.hubTime.wallMilliseconds
            let found = try hub.read("Looking for children") { try Duplicates.find(in: $0, now: now) }
            #expect(found.children.contains { Set($0.children) == [charlie, charles] })
            func identities() throws -> Int? {
                try hub.read("Counting children") {
                    try Int.fetchOne(
                        $0,
                        sql: "SELECT count(DISTINCT identity_id) FROM child_identity WHERE child_id IN (?, ?)",
                        arguments: [charlie.sqlBlob, charles.sqlBlob])
                }
            }
            #expect(try identities() == 2)
            let link = try hub.read("Linking the children") {
                try PersonLinks.decide(
                    charlie.description, charles.description, isDifferent: false, isVerified: true,
                    reason: "One birth certificate", in: $0)
            }
            try hub.insert("Linking the children") { try link.insert(into: $0, now: $1) }
            #expect(try identities() == 1)
            try await scene.settle()
            for device in [scene.office, scene.laptop] {
                for child in [charlie, charles] { #expect(try device.holds("child", child)) }
                let episodes = try device.read {
                    try Int.fetchOne(
                        $0, sql: "SELECT count(*) FROM child_care_episode WHERE child_id IN (?, ?)",
                        arguments: [charlie.sqlBlob, charles.sqlBlob])
                }
                #expect(episodes == 2)
            }
            let undone = try hub.read("Taking the link back") {
                try PersonLinks.undo(
                    charlie.description, charles.description, reason: "Twins after all", in: $0)
            }
            try hub.insert("Taking the link back") { for row in undone { try row.insert(into: $0, now: $1) } }
            #expect(try identities() == 2)
        }
    }

    @Test(
        "13: section 20 written here and an interim care order there: both episodes stay, and a person is asked",
        arguments: SyncOrder.ofTwo)
    func careEpisodes(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let (here, there) = (scene.world.newID(), scene.world.newID())
            for (device, episode, legal) in [(scene.office, here, "V2"), (scene.laptop, there, "C1")] {
                try device.edit {
                    try $0.execute(
                        sql: """
                            INSERT INTO child_care_episode(id, case_id, child_id, from_on, legal_status, la_gss)
                            VALUES(?, ?, ?, '2026-01-10', ?, 'E10000030')
                            """,
                        arguments: [episode.sqlBlob, scene.rows.id.sqlBlob, scene.rows.child.sqlBlob, legal])
                }
            }
            try await scene.meet([scene.office, scene.laptop], in: order)
            let clash = try #require(try scene.world.hub.clashes().first)
            #expect(Set(clash.rows.map(\.row)) == [here.description, there.description])
            for device in [scene.office, scene.laptop] {
                #expect(try device.returned().isEmpty)
                for id in [here, there] { #expect(try device.holds("child_care_episode", id)) }
            }
            // Both are true, one after the other: when the first is ended, the question is gone.
            try scene.office.edit {
                try $0.execute(
                    sql: "UPDATE child_care_episode SET to_on = '2026-02-01', end_reason = 'E3' WHERE id = ?",
                    arguments: [here.sqlBlob])
            }
            try await scene.settle()
            #expect(try scene.world.hub.clashes().isEmpty)
        }
    }
}
