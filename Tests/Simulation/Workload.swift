import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport

/// One random thing that a person does on a device. What the device's own rules refuse is not done, as for a person.
struct Workload {
    private let simulation: Simulation
    private let device: Device
    private var world: World { simulation.world }
    private var history: TrueHistory { simulation.history }

    init(_ simulation: Simulation, _ device: Device) {
        self.simulation = simulation
        self.device = device
    }

    func act() throws {
        let before = simulation.serial
        do {
            switch random(32) {
            case 0: try openCase()
            case 1..<4: try edit("person", "known_as", table: 11, group: 2, isReviewed: false)
            case 4: try edit("child", "school_area", table: 12, group: 6, isReviewed: false)
            case 5..<11: try edit("need", "detail", table: 14, group: 3, isReviewed: true)
            case 11..<13: try edit("child", "lives_with", table: 12, group: 5, isReviewed: true)
            case 13..<15: try editName()
            case 15..<17: try editAndUndo()
            case 17..<19: try stepNeed()
            case 19: try stepPhase()
            case 20: try addNote(size: 0)
            case 21: try addNeed()
            case 22: try deleteRow()
            case 23..<25: try refer()
            case 25..<27: try answerReferral()
            case 27..<29: try closeReferral()
            case 29, 30: try changeCaseload()
            default: try several()
            }
            if simulation.serial > before { simulation.meet("edit") }
        } catch let failure as Failure {
            simulation.note("refused \(failure.code)")
        }
    }

    // MARK: Choosing

    private func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &simulation.generator) }

    private func word() -> String {
        simulation.serial += 1
        return "\(device.name.split(separator: "-").map { $0.prefix(2) }.joined())\(simulation.serial)"
    }

    /// One of the rows that a query finds; the same one for the same seed, because it orders them.
    private func pick(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
        let rows = try device.read { try Row.fetchAll($0, sql: sql, arguments: arguments) }
        return rows.isEmpty ? nil : rows[random(rows.count)]
    }

    /// Another partner of this world.
    private func other() -> Identifier {
        let others = world.partners.filter { $0 != device.partner }
        return others[random(others.count)]
    }

    // MARK: Editing

    private func openCase() throws {
        let marker = "case" + word() + "x"
        let onLaptops = random(2) == 0
        let rows = try world.openCase(on: device, marker: marker, naming: other(), onLaptops: onLaptops)
        history.secrets[rows.id] = (device.partner, marker)
        if !onLaptops || !device.isOffice { history.laptopSecrets[rows.id] = (device.id, marker) }
        history.noted(rows.note, on: device.name)
        history.wrote(
            [.text("\(marker) need")], over: nil, in: Cell(table: 14, key: rows.need, group: 3), on: device.name)
        history.wrote([.text(marker)], over: nil, in: Cell(table: 11, key: rows.person, group: 2), on: device.name)
        simulation.note("\(device.name) opens a case")
    }

    private func edit(_ table: String, _ column: String, table number: UInt16, group: UInt8, isReviewed: Bool) throws {
        guard let row = try pick("SELECT id, \(column) AS value FROM \(table) ORDER BY id") else { return }
        let seen = row.plain("value")
        let new = word()
        let key = row.identifier("id")
        try device.set(column, of: table, key, to: new)
        history.wrote(
            [.text(new)], over: isReviewed ? [seen] : nil, in: Cell(table: number, key: key, group: group),
            on: device.name)
        simulation.note("\(device.name) edits \(table).\(column)")
    }

    /// Two columns that merge as one cell.
    private func editName() throws {
        guard let row = try pick("SELECT id, legal_first, legal_last FROM person ORDER BY id") else { return }
        let seen = [row.plain("legal_first"), row.plain("legal_last")]
        let new = word()
        let key = row.identifier("id")
        try device.set("legal_first", of: "person", key, to: new)
        history.wrote(
            [.text(new), seen[1]], over: seen, in: Cell(table: 11, key: key, group: 1), on: device.name)
        simulation.note("\(device.name) edits a name")
    }

    private func editAndUndo() throws {
        guard let row = try pick("SELECT id, detail FROM need ORDER BY id") else { return }
        let key = row.identifier("id")
        let seen: String = row["detail"]
        try device.set("detail", of: "need", key, to: "for a moment")
        try device.set("detail", of: "need", key, to: seen)
        history.wrote([.text(seen)], over: nil, in: Cell(table: 14, key: key, group: 3), on: device.name)
        simulation.note("\(device.name) edits and undoes")
    }

    private func stepNeed() throws {
        guard let row = try pick("SELECT id, status FROM need ORDER BY id") else { return }
        let old: String = row["status"]
        let states = ["NOT_STARTED", "IN_PROGRESS", "MET", "DECLINED"].filter { $0 != old }
        let new = states[random(states.count)]
        let key = row.identifier("id")
        try device.set("status", of: "need", key, to: new)
        history.wrote([.text(new)], over: nil, in: Cell(table: 14, key: key, group: 2), on: device.name)
        simulation.note("\(device.name) steps a need")
    }

    private func stepPhase() throws {
        guard let row = try pick("SELECT id, phase FROM case_file ORDER BY id") else { return }
        let old: String = row["phase"]
        guard
            let next = try pick(
                """
                SELECT to_value FROM workflow_transition
                WHERE tbl = 'case_file' AND col = 'phase' AND from_value = ? ORDER BY to_value
                """, [old])
        else { return }
        let new: String = next["to_value"]
        let key = row.identifier("id")
        try device.set("phase", of: "case_file", key, to: new)
        history.wrote([.text(new)], over: nil, in: Cell(table: 10, key: key, group: 3), on: device.name)
        simulation.note("\(device.name) steps a phase")
    }

    private func addNote(size: Int) throws {
        guard let row = try pick("SELECT id FROM case_file ORDER BY id") else { return }
        let now = device.time.wallMilliseconds
        let id = world.newID()
        let body = word() + String((0..<size).map { _ in Character(UnicodeScalar(UInt8(33 + random(90)))) })
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO case_note(id, case_id, body, recorded_for_at, entered_at) VALUES(?, ?, ?, ?, ?)",
                arguments: [id.sqlBlob, row.identifier("id").sqlBlob, body, now, now])
        }
        history.noted(id, on: device.name)
        simulation.note("\(device.name) adds a note")
    }

    private func addNeed() throws {
        guard let row = try pick("SELECT id FROM case_file ORDER BY id") else { return }
        let id = world.newID()
        let detail = word()
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', ?)",
                arguments: [id.sqlBlob, row.identifier("id").sqlBlob, detail])
        }
        history.wrote([.text(detail)], over: nil, in: Cell(table: 14, key: id, group: 3), on: device.name)
        simulation.note("\(device.name) adds a need")
    }

    private func deleteRow() throws {
        let table = ["need", "need", "child", "person"][random(4)]
        guard let row = try pick("SELECT id FROM \(table) ORDER BY id") else { return }
        let key = row.identifier("id")
        try device.edit { try $0.execute(sql: "DELETE FROM \(table) WHERE id = ?", arguments: [key.sqlBlob]) }
        history.deleted(key, on: device.name)
        simulation.note("\(device.name) deletes a \(table)")
    }

    /// Much at once, so that a delivery does not fit into one answer, or one request.
    private func several() throws {
        if random(20) == 0 {
            for _ in 0..<24 { try addNote(size: 15_000) }
        } else {
            for _ in 0..<4 { try act() }
        }
    }

    // MARK: Caseloads

    /// An office puts a case on a laptop or takes it off; a laptop gives one back, or asks for one that it gave back.
    private func changeCaseload() throws {
        let laptops = device.isOffice ? world.laptops(of: device.partner) : [device]
        guard !laptops.isEmpty else { return }
        let laptop = laptops[random(laptops.count)]
        let isRemoval = random(2) == 0
        let sql =
            device.isOffice || isRemoval
            ? "SELECT id FROM case_file ORDER BY id" : "SELECT DISTINCT case_id AS id FROM caseload ORDER BY case_id"
        guard let id = try pick(sql)?.identifier("id") else { return }
        history.laptopSecrets[id] = nil
        simulation.meet("caseload")
        if isRemoval {
            try world.take(id, off: laptop, by: device)
            simulation.note("\(device.name) takes a case off \(laptop.name)")
        } else {
            try world.put(id, on: laptop, by: device)
            simulation.note("\(device.name) puts a case on \(laptop.name), or asks for it")
        }
    }

    // MARK: Referring

    private func refer() throws {
        guard
            let row = try pick(
                """
                SELECT id FROM case_file WHERE owner_partner_id IS NULL OR owner_partner_id = ? ORDER BY id
                """, [device.partner.sqlBlob])
        else { return }
        let id = row.identifier("id")
        // She agreed to one partner by name, mostly; sometimes she is asked for another.
        let named = try pick(
            "SELECT partner_id FROM consent WHERE case_id = ? AND partner_id IS NOT NULL ORDER BY id", [id.sqlBlob])
        let agreed = named?.identifier("partner_id")
        let known = agreed.flatMap { world.partners.contains($0) && random(3) > 0 ? $0 : nil }
        let other = known ?? self.other()
        if other != agreed { try world.consent(to: other, in: id, on: device) }
        // One home at a time; beside that, joint work.
        let isReferred = try device.read {
            try Bool.fetchOne(
                $0, sql: "SELECT EXISTS (SELECT 1 FROM referral WHERE case_id = ?)", arguments: [id.sqlBlob]) == true
        }
        let kind = isReferred ? "REFER_SHARED" : "REFER_HOUSE"
        let referral = try world.draft(id, on: device, to: other, kind: kind)
        simulation.note("\(device.name) drafts a referral")
        try device.edit {
            _ = try Referrals.send(referral.description, by: device.partner, in: $0, now: device.time.wallMilliseconds)
        }
        history.secrets[id] = nil
        simulation.note("\(device.name) sends a referral")
    }

    private func answerReferral() throws {
        guard
            let row = try pick("SELECT id FROM referral WHERE to_partner_id = ? ORDER BY id", [device.partner.sqlBlob])
        else { return }
        let id = row.identifier("id").description
        let now = device.time.wallMilliseconds
        let partner = device.partner
        switch random(4) {
        case 0: try device.edit { _ = try Referrals.step(id, to: "RECEIVED", by: partner, in: $0, now: now) }
        case 1: try device.edit { _ = try Referrals.decline(id, reason: "NRPF", by: partner, in: $0, now: now) }
        default: try device.edit { _ = try Referrals.accept(id, by: partner, in: $0, now: now) }
        }
        simulation.note("\(device.name) answers a referral")
    }

    private func closeReferral() throws {
        guard
            let row = try pick(
                "SELECT id FROM referral WHERE from_partner_id IS NULL OR from_partner_id = ? ORDER BY id",
                [device.partner.sqlBlob])
        else { return }
        let id = row.identifier("id").description
        let now = device.time.wallMilliseconds
        let partner = device.partner
        if random(3) == 0 {
            try device.edit { _ = try Referrals.step(id, to: "HANDOVER", by: partner, in: $0, now: now) }
        } else {
            try device.edit {
                _ = try Referrals.withdraw(id, reason: "NOT_ENGAGED", by: partner, in: $0, now: now)
            }
        }
        simulation.note("\(device.name) moves its referral on")
    }
}
