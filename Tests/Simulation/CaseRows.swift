import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// The rows of one case, with ids that the test knows.
struct CaseRows: Hashable {
    let id: Identifier
    let person: Identifier
    let child: Identifier
    let need: Identifier
    let note: Identifier
    let consent: Identifier
    /// A word that is in every text of the case and nowhere else.
    let marker: String
}

extension World {
    /// Opens a case with plain SQL, in one transaction, with consent to share it with the other partner.
    ///
    /// - Parameter onLaptops: whether an office puts it on every laptop of its partner at once.
    func openCase(
        on device: Device, marker: String, naming other: Identifier, onLaptops: Bool = true
    ) throws -> CaseRows {
        let rows = CaseRows(
            id: newID(), person: newID(), child: newID(), need: newID(), note: newID(), consent: newID(),
            marker: marker)
        let now = device.time.wallMilliseconds
        try device.edit { database in
            try database.execute(
                sql: "INSERT INTO case_file(id, ref, opened_on) VALUES(?, ?, '2026-03-01')",
                arguments: [rows.id.sqlBlob, marker])
            try database.execute(
                sql: """
                    INSERT INTO person(id, case_id, legal_first, legal_last, known_as, date_of_birth)
                    VALUES(?, ?, ?, ?, ?, '1990-02-28')
                    """,
                arguments: [rows.person.sqlBlob, rows.id.sqlBlob, "\(marker) first", "\(marker) last", marker])
            try database.execute(
                sql: "INSERT INTO child(id, case_id, first_name, lives_with) VALUES(?, ?, ?, ?)",
                arguments: [rows.child.sqlBlob, rows.id.sqlBlob, "\(marker) child", "\(marker) grandmother"])
            try database.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', ?)",
                arguments: [rows.need.sqlBlob, rows.id.sqlBlob, "\(marker) need"])
            try database.execute(
                sql: """
                    INSERT INTO case_note(id, case_id, body, recorded_for_at, entered_at) VALUES(?, ?, ?, ?, ?)
                    """, arguments: [rows.note.sqlBlob, rows.id.sqlBlob, "\(marker) note", now, now])
            try database.execute(
                sql: """
                    INSERT INTO consent(id, case_id, purpose, decision, partner_id, method, recorded_for_at, entered_at)
                    VALUES(?, ?, 'SHARE_WITH_PARTNER', 'GIVEN', ?, 'SIGNED_FORM', ?, ?)
                    """, arguments: [rows.consent.sqlBlob, rows.id.sqlBlob, other.sqlBlob, now, now])
        }
        if onLaptops, device.isOffice { try putOnLaptops(rows.id, by: device) }
        return rows
    }

    /// The laptops of a partner, each once however many copies of it there are.
    func laptops(of partner: Identifier) -> [Device] {
        var seen = Set<Identifier>()
        return devices.filter { $0.partner == partner && !$0.isOffice && seen.insert($0.id).inserted }
    }

    /// An office puts a case on every laptop of its partner.
    func putOnLaptops(_ id: Identifier, by office: Device) throws {
        for laptop in laptops(of: office.partner) { try put(id, on: laptop, by: office) }
    }

    /// An office puts a case on a laptop, or a laptop asks for one.
    @discardableResult
    func put(_ id: Identifier, on laptop: Device, by device: Device) throws -> CaseloadEntry {
        try device.edit {
            try Caseloads.add(
                id.description, device: laptop.id.description, by: device.caseloadWriter, in: $0)
        }
    }

    /// A case is taken off a laptop.
    @discardableResult
    func take(_ id: Identifier, off laptop: Device, by device: Device) throws -> CaseloadEntry {
        try device.edit {
            try Caseloads.remove(
                id.description, device: laptop.id.description, by: device.caseloadWriter, in: $0)
        }
    }

    /// She agrees to being shared with one more partner, or takes it back for all of them.
    ///
    /// - Parameter later: how long after now, in milliseconds.
    func consent(
        _ decision: String = "GIVEN", to other: Identifier? = nil, in id: Identifier, on device: Device,
        later: Int64 = 0
    ) throws {
        let consent = newID()
        let now = device.time.wallMilliseconds + later
        try device.edit {
            try $0.execute(
                sql: """
                    INSERT INTO consent(id, case_id, purpose, decision, partner_id, method, recorded_for_at, entered_at)
                    VALUES(?, ?, 'SHARE_WITH_PARTNER', ?, ?, 'SIGNED_FORM', ?, ?)
                    """, arguments: [consent.sqlBlob, id.sqlBlob, decision, other?.sqlBlob, now, now])
        }
    }

    /// Drafts a referral with plain SQL. Returns its id.
    func draft(
        _ id: Identifier, on device: Device, to other: Identifier, kind: String = "REFER_HOUSE"
    ) throws -> Identifier {
        let referral = newID()
        let event = newID()
        let now = device.time.wallMilliseconds
        try device.edit { database in
            try database.execute(
                sql: "INSERT INTO referral(id, case_id, to_partner_id, kind) VALUES(?, ?, ?, ?)",
                arguments: [referral.sqlBlob, id.sqlBlob, other.sqlBlob, kind])
            try database.execute(
                sql: """
                    INSERT INTO referral_event(id, referral_id, to_state, recorded_for_at, entered_at)
                    VALUES(?, ?, 'DRAFT', ?, ?)
                    """, arguments: [event.sqlBlob, referral.sqlBlob, now, now])
        }
        return referral
    }

    /// Drafts and sends a referral.
    func refer(
        _ id: Identifier, on device: Device, to other: Identifier, kind: String = "REFER_HOUSE"
    ) throws -> Identifier {
        let referral = try draft(id, on: device, to: other, kind: kind)
        try device.edit {
            _ = try Referrals.send(
                referral.description, by: device.partner, in: $0, now: device.time.wallMilliseconds)
        }
        return referral
    }

    func accept(_ referral: Identifier, on device: Device) throws {
        try device.edit {
            _ = try Referrals.accept(
                referral.description, by: device.partner, in: $0, now: device.time.wallMilliseconds)
        }
    }

    func withdraw(_ referral: Identifier, on device: Device) throws {
        try device.edit {
            _ = try Referrals.withdraw(
                referral.description, reason: "NOT_ENGAGED", by: device.partner, in: $0,
                now: device.time.wallMilliseconds)
        }
    }

    /// As a handover would: the hub alone changes a case's owner.
    func give(_ id: Identifier, to partner: Identifier) throws {
        try hubSets(10, id, groups: 1 << 1, [.blob(partner.bytes)])
    }

    /// The hub writes groups of a row itself.
    func hubSets(_ table: UInt16, _ key: Identifier, groups: UInt64, _ values: [Value]) throws {
        let receipts = try hub.submit([
            Op(
                table: table, key: key, kind: .set, groups: groups,
                stamp: HybridTime(milliseconds: hubTime.wallMilliseconds), values: values)
        ])
        try #require(receipts.flatMap(\.exceptions).isEmpty)
    }

    /// A sync on a network that loses nothing.
    @discardableResult
    func sync(_ device: Device) throws -> SyncOutcome {
        advance(milliseconds: 1_000)
        var wire = Wire(faults: nil)
        switch try wire.sync(device.replica, with: hub) {
        case .finished(let outcome): return outcome
        case .failed(let failure): throw failure
        case .lost, .crashed:
            throw Failure(.internalFault, what: "Syncing", why: "it stopped by itself", remedy: "Mend the test")
        }
    }

    var surreyDevices: [Device] { [surreyOffice, surreyLaptop] }

    /// Surrey's office and its laptop sync, in either order.
    func syncSurrey(laptopFirst: Bool) throws {
        for device in laptopFirst ? surreyDevices.reversed() : surreyDevices { try sync(device) }
    }

    /// Both of them say what a need is, a minute apart, without having seen the other's words.
    func describeApart(_ need: Identifier) throws {
        try surreyOffice.set("detail", of: "need", need, to: "from the office")
        advance(milliseconds: 60_000)
        try surreyLaptop.set("detail", of: "need", need, to: "from the laptop")
    }

    /// Syncs everyone until nothing moves any more.
    func settle() throws {
        for _ in 0..<8 {
            var isIdle = true
            for device in devices {
                let outcome = try sync(device)
                if outcome.roundTrips > 1 || outcome.digest != .match { isIdle = false }
            }
            if isIdle { return }
        }
        throw Failure(.internalFault, what: "Settling", why: "it never ended", remedy: "Look at the last sync")
    }
}

extension Device {
    var caseloadWriter: Caseloads.Writer {
        Caseloads.Writer(device: id, partner: partner, isOffice: isOffice)
    }

    /// One column of one row; nil when the row is not here, or the column is NULL.
    func text(_ column: String, of table: String, _ id: Identifier) throws -> String? {
        try read {
            try String.fetchOne(
                $0, sql: "SELECT \(column) FROM \(table) WHERE id = ?", arguments: [id.sqlBlob])
        }
    }

    func holds(_ table: String, _ id: Identifier) throws -> Bool {
        try read {
            try Int.fetchOne($0, sql: "SELECT 1 FROM \(table) WHERE id = ?", arguments: [id.sqlBlob]) == 1
        }
    }

    func set(_ column: String, of table: String, _ id: Identifier, to value: String) throws {
        try edit {
            try $0.execute(
                sql: "UPDATE \(table) SET \(column) = ? WHERE id = ?", arguments: [value, id.sqlBlob])
        }
    }

    /// The words of the reasons of what came back, in order.
    func returned() throws -> [String] {
        try read {
            try Int.fetchAll($0, sql: "SELECT reason FROM ru_returned ORDER BY id")
        }.map { Reason(rawValue: UInt8($0))?.code ?? "?" }
    }
}
