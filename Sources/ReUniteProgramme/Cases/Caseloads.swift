package import GRDB
import ReUniteReplica
package import ReUniteSync

/// One case of a laptop's caseload, as the partner's devices see it.
package struct CaseloadEntry: Hashable, Sendable, Encodable {
    package let id: String
    package let caseID: String
    /// The case's reference, where this replica holds the case.
    package let ref: String?
    package let deviceID: String
    /// What the device is called; nil before the hub has said so.
    package let device: String?
    /// `ASKED`, `ON` or `OFF`.
    package let status: String
}

/// A field laptop of a partner's, and whether it holds one case.
package struct CaseLaptop: Hashable, Sendable {
    package let id: Identifier
    /// What it is called; nil where the hub has not told, or serves it no more.
    package let name: String?
    /// `ASKED`, `ON` or `OFF`.
    package let status: String
}

/// Which cases a field laptop holds. An office decides; a laptop asks, and may give back.
package enum Caseloads {
    /// Who writes: a device of a partner's.
    package struct Writer: Hashable, Sendable {
        package let device: Identifier
        package let partner: Identifier
        package let isOffice: Bool

        package init(device: Identifier, partner: Identifier, isOffice: Bool) {
            self.device = device
            self.partner = partner
            self.isOffice = isOffice
        }
    }

    /// Puts a case on a laptop; on the laptop itself, asks for that.
    ///
    /// - Parameters:
    ///   - text: the case's reference or id; of a case that is not here, its whole id.
    ///   - device: the laptop's name or id. On a laptop nil, or its own.
    @discardableResult
    package static func add(
        _ text: String, device: String?, by writer: Writer, in database: Database
    ) throws -> CaseloadEntry {
        let what = writer.isOffice ? "Putting the case on the laptop" : "Asking for the case"
        return try write(
            text, device, writer, in: database, what: what, status: writer.isOffice ? "ON" : "ASKED",
            enough: writer.isOffice ? ["ON"] : ["ON", "ASKED"])
    }

    /// Takes a case off a laptop.
    @discardableResult
    package static func remove(
        _ text: String, device: String?, by writer: Writer, in database: Database
    ) throws -> CaseloadEntry {
        try write(
            text, device, writer, in: database, what: "Taking the case off the laptop", status: "OFF", enough: ["OFF"])
    }

    /// The caseloads of a partner's laptops, by laptop.
    package static func list(of partner: Identifier, in database: Database) throws -> [CaseloadEntry] {
        try fetch("l.partner_id = ?1", [partner.sqlBlob], in: database)
    }

    /// The laptops about which somebody may decide for one case: an office for those that are served and for any other
    /// that holds it still, a laptop for itself.
    package static func laptops(
        of caseID: Identifier, by writer: Writer, in database: Database
    ) throws -> [CaseLaptop] {
        let entries = try fetch(
            "l.case_id = ?1 AND l.partner_id = ?2", [caseID.sqlBlob, writer.partner.sqlBlob], in: database)
        // Those that say most come first.
        let said = Dictionary(entries.map { ($0.deviceID, $0.status) }, uniquingKeysWith: { first, _ in first })
        let served = try PartnerDevices.list(of: writer.partner, in: database).filter { $0.role == "field" }
        var laptops = served.map {
            CaseLaptop(id: $0.id, name: $0.name, status: said[$0.id.description] ?? "OFF")
        }.sorted { ($0.name ?? "", $0.id) < ($1.name ?? "", $1.id) }
        for (text, status) in said.sorted(by: { $0.key < $1.key }) where status != "OFF" {
            guard let id = Identifier(text), !laptops.contains(where: { $0.id == id }) else { continue }
            laptops.append(CaseLaptop(id: id, name: nil, status: status))
        }
        return writer.isOffice ? laptops : laptops.filter { $0.id == writer.device }
    }

    // MARK: Steps

    private static func write(
        _ text: String, _ device: String?, _ writer: Writer, in database: Database, what: String, status: String,
        enough: Set<String>
    ) throws -> CaseloadEntry {
        try database.whole {
            let laptop = try self.laptop(device, writer, what, in: database)
            let id = try caseFile(text, what, in: database)
            let condition = "l.case_id = ?1 AND l.device_id = ?2 AND l.partner_id = ?3"
            let arguments: StatementArguments = [id.sqlBlob, laptop.sqlBlob, writer.partner.sqlBlob]
            let there = try fetch(condition, arguments, in: database)
            // Two offices may each have written one; taken off means off in both.
            let steps = status == "OFF" ? there.filter { $0.status != "OFF" } : Array(there.prefix(1))
            if there.isEmpty {
                _ = try database.add(
                    "caseload",
                    [
                        "partner_id": writer.partner.sqlBlob, "device_id": laptop.sqlBlob, "case_id": id.sqlBlob,
                        "status": status,
                    ])
            } else if !there.contains(where: { enough.contains($0.status) }) || status == "OFF" {
                for step in steps {
                    try database.execute(
                        sql: "UPDATE caseload SET status = ? WHERE id = ?",
                        arguments: [status, Identifier(step.id)?.sqlBlob])
                }
            }
            guard let entry = try fetch(condition, arguments, in: database).first else {
                throw Failure(.internalFault, what: what, why: "it is not there", remedy: "Report this as a fault")
            }
            return entry
        }
    }

    /// The rows that a condition on `caseload l` finds, those that say most first.
    private static func fetch(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [CaseloadEntry] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT l.id, l.case_id, l.device_id, l.status, c.ref, d.name
                FROM caseload l LEFT JOIN case_file c ON c.id = l.case_id LEFT JOIN device d ON d.id = l.device_id
                WHERE \(condition)
                ORDER BY d.name, l.device_id, CASE l.status WHEN 'ON' THEN 0 WHEN 'ASKED' THEN 1 ELSE 2 END, l.id
                """, arguments: arguments
        ).map {
            CaseloadEntry(
                id: $0.identifier("id").description, caseID: $0.identifier("case_id").description, ref: $0["ref"],
                deviceID: $0.identifier("device_id").description, device: $0["name"], status: $0["status"])
        }
    }

    /// A case that is here by its reference or a part of its id, any other by its whole id.
    private static func caseFile(_ text: String, _ what: String, in database: Database) throws -> Identifier {
        do {
            return try Lookup.caseFile(text, in: database)
        } catch let failure as Failure where failure.code == .noInput {
            if let id = Identifier(text) { return id }
            throw Failure(
                .noInput, what: what, why: "no case here fits",
                remedy: "Give the whole id of a case that this device does not hold; an office can tell it")
        }
    }

    private static func laptop(
        _ text: String?, _ writer: Writer, _ what: String, in database: Database
    ) throws -> Identifier {
        guard let text else {
            if !writer.isOffice { return writer.device }
            throw Failure(.usage, what: what, why: "no laptop was named", remedy: "Name it with --device")
        }
        let found = try find(text, writer.partner, what, in: database)
        guard writer.isOffice || found == writer.device else {
            throw Failure(
                .notPermitted, what: what, why: "only an office decides for another laptop",
                remedy: "Name no other laptop with --device, or do it at the office")
        }
        return found
    }

    private static func find(
        _ text: String, _ partner: Identifier, _ what: String, in database: Database
    ) throws -> Identifier {
        let rows = try Row.fetchAll(
            database, sql: "SELECT id, role, name FROM device WHERE partner_id = ? AND status <> 'revoked' ORDER BY id",
            arguments: [partner.sqlBlob])
        let id = Identifier(text)
        let fitting = rows.filter {
            $0.identifier("id") == id || ($0["name"] as String).lowercased() == text.lowercased()
        }
        if fitting.count > 1 {
            throw Failure(
                .badData, what: what, why: "\(fitting.count) devices have that name",
                remedy: "Give the device's id, which the hub's operator knows ('hub device list')")
        }
        if let device = fitting.first {
            if device["role"] == "field" { return device.identifier("id") }
            throw Failure(
                .badData, what: what, why: "an office holds every case of its partner",
                remedy: "Name a field laptop with --device")
        }
        // The hub may not have told this replica of a device that joined a moment ago.
        if let id { return id }
        throw Failure(
            .noInput, what: what, why: "this partner has no device of that name here",
            remedy: "Sync first, or give the device's id")
    }
}
