import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situations 3, 4 and 15 of the catalogue of conflicts.
@Suite("Release dates, homes and visits, changed in two places")
struct HomeAndReleaseTests {
    @Test(
        "3: release moved earlier on the laptop and later in the office: a person sees both, and what hangs on it",
        arguments: SyncOrder.ofTwo)
    func releaseDate(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let custody = scene.world.newID()
            let visit = scene.world.newID()
            try scene.office.edit { database in
                try database.execute(
                    sql: """
                        INSERT INTO custody_episode(id, case_id, prison, release_date, release_type, basis)
                        VALUES(?, ?, 'SDI', '2026-05-01', 'CRD_LICENCE', 'SELF_REPORT')
                        """, arguments: [custody.sqlBlob, scene.rows.id.sqlBlob])
                try database.execute(
                    sql: "INSERT INTO visit(id, case_id, prison, planned_at) VALUES(?, ?, 'SDI', 1777000000000)",
                    arguments: [visit.sqlBlob, scene.rows.id.sqlBlob])
            }
            try await scene.settle()
            func move(_ device: Device, to date: String, basis: String) throws {
                try device.edit {
                    try $0.execute(
                        sql: "UPDATE custody_episode SET release_date = ?, basis = ? WHERE id = ?",
                        arguments: [date, basis, custody.sqlBlob])
                }
            }
            try move(scene.office, to: "2026-06-01", basis: "COM")
            scene.world.advance(milliseconds: 60_000)
            try move(scene.laptop, to: "2026-04-01", basis: "PRISON")
            try await scene.meet([scene.office, scene.laptop], in: order)

            let open = try #require(try scene.conflicts().first)
            let detail = try scene.world.hub.conflict(open.id)
            #expect(detail.base?["release_date"] == "2026-05-01")
            #expect(Set(open.values.map { $0.value["basis"] }) == ["COM", "PRISON"])
            #expect(detail.dependents.contains { $0.table == "visit" })
            #expect(detail.told.contains("SRY"))
            // The date, its type and its source are decided together, and the decision reaches everyone.
            let choice = try #require(open.values.first { $0.value["basis"] == "PRISON" }).number
            _ = try scene.world.hub.resolve(
                open.id, .keep(choice), by: "operator", reason: "The prison confirmed it on the telephone")
            try await scene.settle()
            try scene.expect("release_date", of: "custody_episode", custody, is: "2026-04-01")
            try scene.expect("basis", of: "custody_episode", custody, is: "PRISON")
            #expect(try scene.conflicts().isEmpty)
            // Taken back, both stand again.
            _ = try scene.world.hub.reopen(open.id, by: "operator", reason: "It was another woman's card")
            try await scene.settle()
            #expect(try scene.standing("release_date", of: "custody_episode", custody).count == 2)
            #expect(try scene.conflicts().count == 1)
        }
    }

    @Test(
        "4: two partners book one home for overlapping dates: one has it, the other is told no and waits, no one is dropped",
        arguments: SyncOrder.ofTwo)
    func oneHome(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let unit = scene.world.newID()
            let others = try scene.world.openCase(
                on: scene.gloucestershire, marker: "Whitethorn", naming: scene.world.surrey)
            var asked: [(device: Device, id: Identifier)] = []
            for (device, rows) in [(scene.office, scene.rows), (scene.gloucestershire, others)] {
                let booking = scene.world.newID()
                asked.append((device, booking))
                try device.edit {
                    try $0.execute(
                        sql: """
                            INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on)
                            VALUES(?, ?, ?, '2026-04-01', '2026-06-01')
                            """, arguments: [booking.sqlBlob, rows.id.sqlBlob, unit.sqlBlob])
                }
                #expect(try device.text("status", of: "occupancy", booking) == "REQUESTED")
            }
            try await scene.meet(asked.map(\.device), in: order)
            let (first, second) = (order.apply(to: asked)[0], order.apply(to: asked)[1])
            #expect(try first.device.text("status", of: "occupancy", first.id) == "CONFIRMED")
            #expect(try second.device.text("status", of: "occupancy", second.id) == "REFUSED")
            #expect(try second.device.returned() == ["allocation"])
            let waiting = try #require(try scene.world.hub.quarantine().first)
            #expect(waiting.reason == "allocation")

            // The first family does not come; the operator lets the second ask again, and now it is theirs.
            try first.device.set("status", of: "occupancy", first.id, to: "CANCELLED")
            try await scene.settle()
            _ = try scene.world.hub.release(
                quarantined: waiting.id, by: "operator", reason: "The first family went elsewhere")
            try await scene.settle()
            #expect(try second.device.text("status", of: "occupancy", second.id) == "CONFIRMED")
            #expect(try scene.world.hub.quarantine().isEmpty)
        }
    }

    @Test(
        "15: the office says she did not come, the laptop that they spoke for forty minutes: the plan stays, a person decides",
        arguments: SyncOrder.ofTwo)
    func visit(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let visit = scene.world.newID()
            try scene.office.edit {
                try $0.execute(
                    sql: "INSERT INTO visit(id, case_id, prison, planned_at) VALUES(?, ?, 'SDI', 1772400000000)",
                    arguments: [visit.sqlBlob, scene.rows.id.sqlBlob])
            }
            try await scene.settle()
            try scene.office.set("attended", of: "visit", visit, to: "NO")
            scene.world.advance(milliseconds: 60_000)
            try scene.laptop.edit {
                try $0.execute(
                    sql: """
                        UPDATE visit SET attended = 'YES', minutes = 40, recorded_for_at = 1772402400000 WHERE id = ?
                        """, arguments: [visit.sqlBlob])
            }
            try await scene.meet([scene.office, scene.laptop], in: order)
            let open = try #require(try scene.conflicts().first { $0.columns.contains("attended") })
            #expect(try scene.world.hub.conflict(open.id).happenedMilliseconds == 1_772_402_400_000)
            #expect(Set(open.values.map { $0.value["attended"] }) == ["NO", "YES"])
            try scene.expect("planned_at", of: "visit", visit, is: "1772400000000", on: [scene.office, scene.laptop])
            let kept = try #require(open.values.first { $0.value["attended"] == "YES" })
            #expect(kept.device == scene.laptop.name && kept.role == "field")
            _ = try scene.world.hub.resolve(
                open.id, .keep(kept.number), by: "operator", reason: "She signed in at the prison's gate")
            try await scene.settle()
            try scene.expect("minutes", of: "visit", visit, is: "40", on: [scene.office, scene.laptop])
            #expect(try scene.conflicts().isEmpty)
        }
    }

    @Test(
        "15: where the office left the outcome open, the laptop's account stands and nobody is asked",
        arguments: SyncOrder.ofTwo)
    func openVisit(order: SyncOrder) async throws {
        try await Situation.play { scene in
            let visit = scene.world.newID()
            try scene.office.edit {
                try $0.execute(
                    sql: "INSERT INTO visit(id, case_id, prison, planned_at) VALUES(?, ?, 'SDI', 1772400000000)",
                    arguments: [visit.sqlBlob, scene.rows.id.sqlBlob])
            }
            try await scene.settle()
            try scene.office.set("prison", of: "visit", visit, to: "DWI")
            try scene.laptop.edit {
                try $0.execute(
                    sql: "UPDATE visit SET attended = 'YES', minutes = 40 WHERE id = ?", arguments: [visit.sqlBlob])
            }
            try await scene.meet([scene.office, scene.laptop], in: order)
            try scene.expect("attended", of: "visit", visit, is: "YES", on: [scene.office, scene.laptop])
            try scene.expect("prison", of: "visit", visit, is: "DWI", on: [scene.office, scene.laptop])
            #expect(try scene.conflicts().isEmpty)
        }
    }
}
