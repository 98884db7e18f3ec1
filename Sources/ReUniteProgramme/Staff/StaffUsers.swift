package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Someone who works for this partner.
package struct StaffMember: Hashable, Sendable, Encodable {
    package let id: String
    package let login: String?
    package let name: String
    package let role: String?
    /// Such as `Mon, Tue`.
    package let workingDays: String
    /// The town or office in which to find them.
    package let basedIn: String?
    /// `ACTIVE` or `LEFT`.
    package let status: String
    /// When they left, as a time; nil while they are here.
    package let leftAt: String?
    /// Whether they are signed in on this device.
    package let isSignedIn: Bool

    private enum CodingKeys: String, CodingKey {
        case id, login, name, role, workingDays, basedIn, status, leftAt
        case isSignedIn = "signedIn"
    }
}

/// A partner's own staff.
package enum StaffUsers {
    /// Adds someone.
    ///
    /// - Parameters:
    ///   - days: on which they work, such as `Mon, Tue`; nil: Monday to Friday.
    ///   - basedIn: the town or office in which to find them.
    /// - Throws: ``Failure`` (badData) when the login is taken, the role is none, or the days cannot be read.
    @discardableResult
    package static func add(
        login: String, name: String, role: String, days: String? = nil, basedIn: String? = nil,
        by partner: Identifier, in database: Database
    ) throws -> StaffMember {
        let what = "Adding the staff member"
        try Codes.check(role, list: "staff_user.role", what: what, in: database)
        let taken = try Int.fetchOne(
            database, sql: "SELECT 1 FROM staff_user WHERE partner_id = ? AND login = ? AND status = 'ACTIVE'",
            arguments: [partner.sqlBlob, login])
        guard taken == nil else {
            throw Failure(
                .badData, what: what, why: "somebody has that login already", remedy: "Choose another with --login")
        }
        let bits = days.flatMap { WorkingDays.bits($0) }
        guard days == nil || bits != nil else {
            throw Failure(
                .badData, what: what, why: "what is named are no days of a week",
                remedy: "Name them with --days, as in Mon,Tue")
        }
        let id = try database.add(
            "staff_user",
            [
                "partner_id": partner.sqlBlob, "login": login, "display_name": name, "role": role,
                "working_days": bits, "based_in": basedIn,
            ])
        return try member(id, signedIn: nil, in: database)
    }

    /// The names of some staff members; those that are not known here are left out.
    package static func names(of ids: [Identifier], in database: Database) throws -> [Identifier: String] {
        var names: [Identifier: String] = [:]
        for id in Set(ids) {
            names[id] = try String.fetchOne(
                database, sql: "SELECT display_name FROM staff_user WHERE id = ?", arguments: [id.sqlBlob])
        }
        return names
    }

    /// Everyone of this partner, those who are here first.
    package static func list(
        of partner: Identifier, signedIn: Identifier?, in database: Database
    ) throws -> [StaffMember] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM staff_user WHERE partner_id = ? ORDER BY status = 'LEFT', display_name, id
                """, arguments: [partner.sqlBlob]
        ).map { self.member($0, signedIn: signedIn) }
    }

    /// Records that someone has left. From then on nothing is taken as written in their name.
    ///
    /// - Parameter at: when, milliseconds since 1970; not in the future.
    /// - Throws: ``Failure``: noInput for an unknown login, badData when they left before.
    @discardableResult
    package static func leave(
        login: String, at: Int64, of partner: Identifier, in database: Database, now: Int64
    ) throws -> StaffMember {
        let what = "Recording that they left"
        try Typed.past(at, now: now, what: what)
        let id = try active(login: login, of: partner, what: what, in: database)
        try database.execute(
            sql: "UPDATE staff_user SET left_at = ?, status = 'LEFT' WHERE id = ?", arguments: [at, id.sqlBlob])
        return try member(id, signedIn: nil, in: database)
    }

    /// The active staff member with this login, in any case of letters.
    ///
    /// - Throws: ``Failure``: noInput when there is none, badData when several have it.
    package static func active(
        login: String, of partner: Identifier, what: String = "Signing in", in database: Database
    ) throws -> Identifier {
        let found = try Row.fetchAll(
            database,
            sql: """
                SELECT id FROM staff_user
                WHERE partner_id = ? AND lower(login) = lower(?) AND status = 'ACTIVE' ORDER BY id
                """, arguments: [partner.sqlBlob, login])
        guard let first = found.first else {
            throw Failure(
                .noInput, what: what, why: "nobody who works here has that login",
                remedy: "Look at who works here with 'staff list', or add them with 'staff add'")
        }
        guard found.count == 1 else {
            throw Failure(
                .badData, what: what, why: "\(found.count) people have that login",
                remedy: "Give one of them another login first")
        }
        return first.identifier("id")
    }

    private static func member(_ id: Identifier, signedIn: Identifier?, in database: Database) throws -> StaffMember {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM staff_user WHERE id = ?", arguments: [id.sqlBlob])
        else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return member(row, signedIn: signedIn)
    }

    private static func member(_ row: Row, signedIn: Identifier?) -> StaffMember {
        let left: Int64? = row["left_at"]
        let id = row.identifier("id")
        return StaffMember(
            id: id.description, login: row["login"], name: row["display_name"], role: row["role"],
            workingDays: WorkingDays.words(of: row["working_days"] as Int), basedIn: row["based_in"],
            status: row["status"], leftAt: left.map { CivilTime.instant(milliseconds: $0) },
            isSignedIn: id == signedIn)
    }
}
