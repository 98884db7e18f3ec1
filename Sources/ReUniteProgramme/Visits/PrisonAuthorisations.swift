package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A governor's authorisation to carry a laptop into a prison, as an office recorded it.
package struct PrisonAuthorisation: Hashable, Sendable, Encodable {
    package let id: String
    package let prison: String
    package let governorRef: String
    package let deviceID: String
    /// What the laptop is called; nil before the hub has said so.
    package let device: String?
    package let deviceSerial: String?
    package let mediaSerial: String?
    /// The last day.
    package let validTo: String
    /// `VALID` or `WITHDRAWN`.
    package let state: String

    package func isValid(on day: String) -> Bool { state == "VALID" && day <= validTo }
}

package enum PrisonAuthorisations {
    package struct New: Hashable, Sendable {
        package var prison: String
        package var governorRef: String
        package var deviceSerial: String?
        package var mediaSerial: String?
        package var validTo: String

        package init(
            prison: String, governorRef: String, deviceSerial: String? = nil, mediaSerial: String? = nil,
            validTo: String
        ) {
            self.prison = prison
            self.governorRef = governorRef
            self.deviceSerial = deviceSerial
            self.mediaSerial = mediaSerial
            self.validTo = validTo
        }
    }

    /// Records one. Other equipment or a later date is another one.
    ///
    /// - Parameter today: the day in the United Kingdom. A day before it, or more than two years after it, is refused:
    ///   no authorisation runs longer (Prison Act 1952, s. 40D).
    @discardableResult
    package static func add(
        _ new: New, device: Identifier, of partner: Identifier, today: String, in database: Database
    ) throws -> PrisonAuthorisation {
        let what = "Recording the authorisation"
        try Typed.date(new.validTo, name: "last day", what: what)
        let prison = try self.prison(new.prison, what: what, in: database)
        guard new.validTo >= today, Int(new.validTo.prefix(4)) ?? 0 <= (Int(today.prefix(4)) ?? 0) + 2 else {
            throw Failure(
                .badData, what: what, why: "its last day is over, or more than two years ahead",
                remedy: "Compare it with the governor's letter")
        }
        guard (1...100).contains(new.governorRef.count), (new.deviceSerial ?? "").count <= 60,
            (new.mediaSerial ?? "").count <= 60
        else {
            throw Failure(
                .badData, what: what, why: "the governor's reference is empty, or a text is too long",
                remedy: "Copy it from the governor's letter")
        }
        let id = try database.add(
            "prison_authorisation",
            [
                "partner_id": partner.sqlBlob, "device_id": device.sqlBlob, "prison": prison,
                "governor_ref": new.governorRef, "device_serial": new.deviceSerial, "media_serial": new.mediaSerial,
                "valid_to": new.validTo,
            ])
        return try find(id, what, in: database)
    }

    /// Takes one back, for good.
    @discardableResult
    package static func withdraw(_ text: String, in database: Database) throws -> PrisonAuthorisation {
        let what = "Withdrawing the authorisation"
        let id = try Lookup.row(text, table: "prison_authorisation", what: what, in: database)
        try database.execute(
            sql: "UPDATE prison_authorisation SET state = 'WITHDRAWN' WHERE id = ? AND state <> 'WITHDRAWN'",
            arguments: [id.sqlBlob])
        return try find(id, what, in: database)
    }

    /// All that are here, the latest first.
    package static func list(in database: Database) throws -> [PrisonAuthorisation] {
        try fetch("1", [], in: database)
    }

    /// The one for a laptop and a prison that runs longest and is valid on a day; nil when there is none.
    ///
    /// - Parameter undecided: those that the hub has not taken yet and that do not count here.
    package static func valid(
        for device: Identifier, at prison: String, on day: String, leavingOut undecided: Set<Identifier> = [],
        in database: Database
    ) throws -> PrisonAuthorisation? {
        try fetch("a.device_id = ? AND a.prison = ?", [device.sqlBlob, prison], in: database)
            .first { $0.isValid(on: day) && Identifier($0.id).map { !undecided.contains($0) } == true }
    }

    /// One by its id; nil when it is not here.
    package static func known(_ id: String, in database: Database) throws -> PrisonAuthorisation? {
        guard let id = Identifier(id) else { return nil }
        return try fetch("a.id = ?", [id.sqlBlob], in: database).first
    }

    private static func find(_ id: Identifier, _ what: String, in database: Database) throws -> PrisonAuthorisation {
        guard let found = try fetch("a.id = ?", [id.sqlBlob], in: database).first else {
            throw Failure(.internalFault, what: what, why: "it is not there", remedy: "Report this as a fault")
        }
        return found
    }

    private static func fetch(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [PrisonAuthorisation] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT a.*, d.name AS device_name FROM prison_authorisation a LEFT JOIN device d ON d.id = a.device_id
                WHERE \(condition) ORDER BY a.valid_to DESC, a.id
                """, arguments: arguments
        ).map {
            PrisonAuthorisation(
                id: $0.identifier("id").description, prison: $0["prison"], governorRef: $0["governor_ref"],
                deviceID: $0.identifier("device_id").description, device: $0["device_name"],
                deviceSerial: $0["device_serial"], mediaSerial: $0["media_serial"], validTo: $0["valid_to"],
                state: $0["state"])
        }
    }

    /// A prison's code, as the network knows it.
    static func prison(_ text: String, what: String, in database: Database) throws -> String {
        let code = text.uppercased()
        let codes = try String.fetchAll(database, sql: "SELECT code FROM prison ORDER BY code")
        guard codes.contains(code) else {
            throw Failure(
                .badData, what: what, why: "there is no prison of that code",
                remedy: codes.isEmpty
                    ? "Sync first: the prisons have not arrived" : "Use one of: \(codes.joined(separator: ", "))")
        }
        return code
    }
}
