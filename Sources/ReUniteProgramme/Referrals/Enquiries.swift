package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Would you have room for a woman like this? Nothing here may lead to her.
package struct NewEnquiry: Hashable, Sendable {
    /// The code of the partner that is asked.
    package var to: String
    /// `YYYY-MM`.
    package var releaseMonth: String?
    package var bedrooms: Int64?
    /// Codes of `enquiry.children_bands`, one for each child.
    package var childrenBands: [String]
    package var needsStepFree: Bool
    /// Outward halves of postcodes where she must not live, such as `GL1`.
    package var excludedOutward: [String]

    package init(
        to: String, releaseMonth: String? = nil, bedrooms: Int64? = nil, childrenBands: [String] = [],
        needsStepFree: Bool = false, excludedOutward: [String] = []
    ) {
        self.to = to
        self.releaseMonth = releaseMonth
        self.bedrooms = bedrooms
        self.childrenBands = childrenBands
        self.needsStepFree = needsStepFree
        self.excludedOutward = excludedOutward
    }
}

/// A line of a list of enquiries.
package struct EnquirySummary: Hashable, Sendable, Encodable {
    package let id: String
    package let from: String?
    package let to: String?
    /// SENDER or RECEIVER; nil for neither.
    package let side: String?
    package let state: String
    package let stateLabel: String
    package let reason: String?
    package let releaseMonth: String?
    package let bedrooms: Int64?
    package let askedAt: String

    private enum CodingKeys: String, CodingKey {
        case id, from, to, side, state, reason, bedrooms
        case stateLabel = "state_label"
        case releaseMonth = "release_month"
        case askedAt = "asked_at"
    }
}

/// Anonymous enquiries. Each has an id out of nothing and names no case: whoever is asked cannot tell from it which
/// referral it became, until that referral is sent and says so.
package enum Enquiries {
    /// Makes an enquiry, and where a drafted referral is named lets it wait for the answer.
    ///
    /// - Throws: ``Failure``: noInput when the partner is not known here, badData when a code or a form is not valid.
    @discardableResult
    package static func make(
        _ new: NewEnquiry, for referral: String? = nil, by partner: Identifier, in database: Database, now: Int64
    ) throws -> EnquirySummary {
        let what = "Making the enquiry"
        let receiver = try Partners.find(code: new.to, in: database)
        guard receiver.id != partner else {
            throw Failure(.badData, what: what, why: "a partner cannot ask itself", remedy: "Give another's code")
        }
        try check(new, what: what, in: database)
        var standing = try referral.map { try Standing($0, by: partner, what: what, in: database) }
        try standing?.require("PRE_CHECK", what: what, in: database)
        guard standing == nil || standing?.to == receiver.id else {
            throw Failure(
                .badData, what: what, why: "the referral is to another partner", remedy: "Ask the one it is to")
        }
        return try database.whole {
            let id = randomID()
            _ = try database.add(
                "enquiry",
                [
                    "id": id.sqlBlob, "from_partner_id": partner.sqlBlob,
                    "from_area": try Partners.find(partner, in: database)?.area, "to_partner_id": receiver.id.sqlBlob,
                    "to_area": receiver.area, "release_month": new.releaseMonth, "bedrooms": new.bedrooms,
                    "children_bands": new.childrenBands.isEmpty ? nil : new.childrenBands.joined(separator: ","),
                    "step_free": new.needsStepFree ? 1 : 0,
                    "excluded_outward": new.excludedOutward.isEmpty ? nil : new.excludedOutward.joined(separator: ","),
                    "asked_at": now,
                ])
            if let current = standing {
                try database.execute(
                    sql: "UPDATE referral SET pre_check_ref = ? WHERE id = ?",
                    arguments: [id.sqlBlob, current.id.sqlBlob])
                try standing?.take("PRE_CHECK", what: what, in: database, now: now)
            }
            return try summary(of: id, by: partner, in: database)
        }
    }

    /// Answers YES, MAYBE or NO; a NO has a code of `referral.decline_reason`.
    @discardableResult
    package static func answer(
        _ text: String, _ answer: String, reason: String? = nil, by partner: Identifier, in database: Database
    ) throws -> EnquirySummary {
        let what = "Answering the enquiry"
        let id = try Lookup.row(text, table: "enquiry", what: what, in: database)
        let now = try summary(of: id, by: partner, in: database)
        let open = try String.fetchAll(
            database,
            sql: """
                SELECT to_value FROM ru_transition
                WHERE tbl = 'enquiry' AND col = 'state' AND from_value = ? AND relation = ?
                """, arguments: [now.state, now.side ?? ""])
        guard open.contains(answer), now.side == "RECEIVER" else {
            throw Failure(
                .badData, what: what, why: "it is \(now.state), and this partner cannot take it to \(answer)",
                remedy: open.isEmpty || now.side != "RECEIVER"
                    ? "Only the partner that was asked answers" : "Open now: \(open.joined(separator: ", "))")
        }
        guard answer != "NO" || reason != nil else {
            throw Failure(
                .badData, what: what, why: "a no needs a reason", remedy: "Give a code of referral.decline_reason")
        }
        if let reason { try Codes.check(reason, list: "referral.decline_reason", what: what, in: database) }
        return try database.whole {
            try database.execute(
                sql: "UPDATE enquiry SET state = ?, answer_reason = ? WHERE id = ?",
                arguments: [answer, reason, id.sqlBlob])
            return try summary(of: id, by: partner, in: database)
        }
    }

    /// The enquiries that this replica holds, the newest first.
    package static func list(in database: Database, by partner: Identifier) throws -> [EnquirySummary] {
        try fetch(in: database, by: partner, only: nil)
    }

    /// What this side may answer now, code and words; empty where it is not asked.
    package static func answers(
        to id: Identifier, by partner: Identifier, in database: Database
    ) throws -> [(code: String, label: String)] {
        let now = try summary(of: id, by: partner, in: database)
        guard now.side == "RECEIVER" else { return [] }
        return try Row.fetchAll(
            database,
            sql: """
                SELECT s.value, s.label FROM ru_transition t
                JOIN ru_state s ON s.tbl = t.tbl AND s.col = t.col AND s.value = t.to_value
                WHERE t.tbl = 'enquiry' AND t.col = 'state' AND t.from_value = ? AND t.relation = 'RECEIVER'
                ORDER BY s.rank
                """, arguments: [now.state]
        ).map { ($0["value"], $0["label"]) }
    }

    /// One enquiry, in words.
    package static func sheet(
        _ id: Identifier, by partner: Identifier, in database: Database
    ) throws -> (summary: EnquirySummary, facts: [CaseSheet.Field]) {
        let record = try show(id.description, in: database)
        let labels = try Labels(database)
        let hidden: Set<String> = ["from_partner_id", "to_partner_id", "state"]
        let facts = labels.table("enquiry").columns.filter { !hidden.contains($0.name) }.compactMap { column in
            labels.text(of: column, in: "enquiry", record).map {
                CaseSheet.Field(column: column.name, label: column.label, text: $0)
            }
        }
        return (try summary(of: id, by: partner, in: database), facts)
    }

    /// All that an enquiry says.
    package static func show(_ text: String, in database: Database) throws -> Record {
        let what = "Showing the enquiry"
        let id = try Lookup.row(text, table: "enquiry", what: what, in: database)
        let codes = try Partners.codes(in: database)
        guard let record = try Record.fetch("enquiry", where: "id", is: id, codes: codes, in: database).first else {
            throw Failure(.noInput, what: what, why: "it is not here", remedy: "Sync and try again")
        }
        return record
    }

    /// The enquiry that a new referral names.
    static func named(
        _ text: String, from sender: Identifier, to receiver: Identifier, what: String, in database: Database
    ) throws -> Identifier {
        let id = try Lookup.row(text, table: "enquiry", what: what, in: database)
        let fits = try Bool.fetchOne(
            database,
            sql: "SELECT to_partner_id = ? AND coalesce(from_partner_id, ?2) = ?2 FROM enquiry WHERE id = ?3",
            arguments: [receiver.sqlBlob, sender.sqlBlob, id.sqlBlob])
        guard fits == true else {
            throw Failure(
                .badData, what: what, why: "the enquiry was to another partner", remedy: "Name the one to this partner")
        }
        return id
    }

    private static func check(_ new: NewEnquiry, what: String, in database: Database) throws {
        for band in new.childrenBands {
            try Codes.check(band, list: "enquiry.children_bands", what: what, in: database)
        }
        if let month = new.releaseMonth, !CivilTime.isDate(month + "-01") {
            throw Failure(.badData, what: what, why: "the month is not one", remedy: "Write it as YYYY-MM")
        }
        guard (0...20).contains(new.bedrooms ?? 0) else {
            throw Failure(.badData, what: what, why: "no home has that many bedrooms", remedy: "Give 0 to 20")
        }
        for outward in new.excludedOutward {
            // A whole postcode is a street, and that may be hers.
            let isOutward =
                (2...4).contains(outward.utf8.count) && outward.first?.isUppercase == true
                && outward.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
                && outward.contains(where: \.isNumber)
            guard isOutward else {
                throw Failure(
                    .badData, what: what, why: "an excluded place is not the outward half of a postcode",
                    remedy: "Write GL1, not GL1 2AB")
            }
        }
    }

    /// A version 4 UUID: unlike other ids here it does not even tell when it was made.
    private static func randomID() -> Identifier {
        var generator = SystemRandomNumberGenerator()
        return Identifier(
            high: generator.next() & ~0xF000 | 0x4000, low: generator.next() & ~(0b11 << 62) | 0b10 << 62)
    }

    private static func summary(of id: Identifier, by partner: Identifier, in database: Database) throws
        -> EnquirySummary
    {
        guard let found = try fetch(in: database, by: partner, only: id).first else {
            throw Failure(
                .noInput, what: "Showing the enquiry", why: "it is not here", remedy: "Sync and try again")
        }
        return found
    }

    private static func fetch(
        in database: Database, by partner: Identifier, only id: Identifier?
    ) throws -> [EnquirySummary] {
        let codes = try Partners.codes(in: database)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT e.*, s.label FROM enquiry e
                LEFT JOIN ru_state s ON s.tbl = 'enquiry' AND s.col = 'state' AND s.value = e.state
                WHERE ?1 IS NULL OR e.id = ?1 ORDER BY e.asked_at DESC, e.id
                """, arguments: [id?.sqlBlob]
        ).map { row in
            // Empty until the hub has judged a new enquiry: it was made here.
            let from = row["from_partner_id"] == nil ? partner : row.identifier("from_partner_id")
            let to = row.identifier("to_partner_id")
            let state: String = row["state"]
            return EnquirySummary(
                id: row.identifier("id").description, from: codes[from], to: codes[to],
                side: Standing.side(of: partner, from: from, to: to), state: state, stateLabel: row["label"] ?? state,
                reason: row["answer_reason"], releaseMonth: row["release_month"], bedrooms: row["bedrooms"],
                askedAt: CivilTime.instant(milliseconds: row["asked_at"]))
        }
    }
}
