package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Referrals: making one, and what this replica holds of them. Who may take which step, the schema says
/// (`ru_transition`); the steps themselves are beside this file.
package enum Referrals {
    /// Makes a draft, which nobody else sees until it is sent.
    ///
    /// - Throws: ``Failure``: noInput when the case or the receiver is not known here, notPermitted when the case is
    ///   another partner's, badData when a code or date is not valid.
    @discardableResult
    package static func create(
        _ new: NewReferral, of text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Making the referral"
        let id = try Lookup.caseFile(text, in: database)
        try requireOwner(of: id, partner, what: what, in: database)
        let receiver = try Partners.find(code: new.to, in: database)
        guard receiver.id != partner else {
            throw Failure(
                .badData, what: what, why: "a partner cannot refer to itself", remedy: "Give another partner's code")
        }
        try check(new, what: what, in: database)
        let enquiry = try new.enquiry.map {
            try Enquiries.named($0, from: partner, to: receiver.id, what: what, in: database)
        }
        return try database.whole {
            let referral = try database.add(
                "referral",
                [
                    "case_id": id.sqlBlob, "kind": new.kind, "from_partner_id": partner.sqlBlob,
                    "from_area": try Partners.find(partner, in: database)?.area, "to_partner_id": receiver.id.sqlBlob,
                    "to_area": receiver.area, "state": "DRAFT", "source": new.source, "urgency": new.urgency,
                    "needed_from": new.neededFrom, "release_date": new.releaseDate,
                    "household_band": new.householdBand, "reason_for_area": new.reasonForArea,
                    "pre_check_ref": enquiry?.sqlBlob,
                ])
            _ = try database.add(
                "referral_event",
                [
                    "referral_id": referral.sqlBlob, "to_state": "DRAFT", "actor_partner_id": partner.sqlBlob,
                    "recorded_for_at": now, "entered_at": now,
                ])
            return try summary(of: referral, by: partner, in: database)
        }
    }

    /// The referrals that this replica holds, the newest first.
    package static func list(in database: Database, by partner: Identifier) throws -> [ReferralSummary] {
        try fetch(in: database, by: partner, where: "1", nil)
    }

    /// The referrals of one case, the newest first.
    package static func list(
        of caseID: Identifier, by partner: Identifier, in database: Database
    ) throws -> [ReferralSummary] {
        try fetch(in: database, by: partner, where: "r.case_id = ?", caseID)
    }

    /// The referrals that have not ended, the newest first.
    package static func open(in database: Database, by partner: Identifier) throws -> [ReferralSummary] {
        try fetch(in: database, by: partner, where: "s.closed = 0", nil)
    }

    /// How many ended ones a page shows.
    package static let mostEnded = 50

    /// The referrals that have ended or were handed over, the newest first; at most ``mostEnded``.
    package static func ended(in database: Database, by partner: Identifier) throws -> [ReferralSummary] {
        try fetch(in: database, by: partner, where: "s.closed > 0", nil, most: mostEnded)
    }

    /// The referrals of whom a frozen pack has this reference and whose case is not here: handed over, or not here yet.
    package static func named(_ text: String, by partner: Identifier, in database: Database) throws -> [ReferralSummary]
    {
        guard let reference = CaseReference(text) else { return [] }
        return try fetch(
            in: database, by: partner,
            where: """
                c.id IS NULL AND EXISTS (
                  SELECT 1 FROM referral_pack k WHERE k.referral_id = r.id AND instr(k.items, '"ref":"\(reference)"') > 0)
                """, nil, most: mostEnded)
    }

    /// Everything here of one referral, and the steps that are open to this partner.
    package static func show(_ text: String, by partner: Identifier, in database: Database) throws -> ReferralDetail {
        let id = try Lookup.referral(text, in: database)
        let summary = try summary(of: id, by: partner, in: database)
        let codes = try Partners.codes(in: database)
        guard let referral = try Record.fetch("referral", where: "id", is: id, codes: codes, in: database).first else {
            throw missing
        }
        func records(_ table: String) throws -> [Record] {
            try Record.fetch(table, where: "referral_id", is: id, codes: codes, in: database)
        }
        let packs = try Row.fetchAll(
            database,
            sql: """
                SELECT id, tier, items, sha256, consent_id, frozen_at FROM referral_pack WHERE referral_id = ?
                ORDER BY frozen_at, id
                """, arguments: [id.sqlBlob])
        let steps =
            summary.side == nil
            ? [] : try Standing(id, by: partner, what: "Showing the referral", in: database).openSteps(in: database)
        return ReferralDetail(
            summary: summary, referral: referral, packs: packs.map(pack),
            events: try records("referral_event"), questions: try records("info_request"),
            holds: try records("unit_hold"), signatures: try records("referral_signature"),
            outcomes: try records("referral_outcome"), openSteps: steps)
    }

    static func summary(of id: Identifier, by partner: Identifier, in database: Database) throws -> ReferralSummary {
        guard let found = try fetch(in: database, by: partner, where: "r.id = ?", id).first else { throw missing }
        return found
    }

    static func requireOwner(
        of id: Identifier, _ partner: Identifier, what: String, in database: Database
    ) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT owner_partner_id FROM case_file WHERE id = ?", arguments: [id.sqlBlob])
        // Empty until the hub has judged a new case: it was made here.
        guard let row, row["owner_partner_id"] == nil || row.identifier("owner_partner_id") == partner else {
            throw Failure(
                .notPermitted, what: what, why: "the case is not this partner's",
                remedy: "Only the partner that owns a case refers it")
        }
    }

    private static var missing: Failure {
        Failure(.noInput, what: "Showing the referral", why: "it is not here", remedy: "Sync and try again")
    }

    private static func check(_ new: NewReferral, what: String, in database: Database) throws {
        try Codes.check(new.kind, list: "referral.kind", what: what, in: database)
        try Codes.check(new.urgency, list: "referral.urgency", what: what, in: database)
        if let band = new.householdBand {
            try Codes.check(band, list: "referral.household_band", what: what, in: database)
        }
        if let source = new.source { try Codes.check(source, list: "referral.source", what: what, in: database) }
        try Typed.date(new.neededFrom, name: "day a home is needed from", what: what)
        try Typed.date(new.releaseDate, name: "release date", what: what)
        if let needed = new.neededFrom, let release = new.releaseDate, needed < release {
            throw Failure(
                .badData, what: what, why: "a home is needed before the release date",
                remedy: "Give the day of release or a later one")
        }
    }

    private static func pack(_ row: Row) -> PackSummary {
        let items: String = row["items"]
        let consent = row.bytes("consent_id")
        return PackSummary(
            id: row.identifier("id").description, tier: row["tier"], items: items, sha256: row.bytes("sha256").shown,
            isIntact: ReferralPack.hash(items) == row.bytes("sha256"),
            consentID: consent.isEmpty ? nil : consent.shown,
            frozenAt: CivilTime.instant(milliseconds: row["frozen_at"]))
    }

    /// A fact of the first pack that was frozen, as SQL: who she is where her case is not here, or no longer. What a sender
    /// put into a pack is anything: a number there is no name.
    private static func packed(_ path: String) -> String {
        """
        CASE WHEN json_type(k.items, '$.facts.\(path)') = 'text'
          THEN json_extract(k.items, '$.facts.\(path)') END
        """
    }

    private static func fetch(
        in database: Database, by partner: Identifier, where condition: String, _ id: Identifier?,
        most: Int = -1
    ) throws -> [ReferralSummary] {
        let codes = try Partners.codes(in: database)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT r.*, s.label, s.closed,
                  coalesce(c.ref, \(packed("case_file[0].ref"))) AS ref,
                  coalesce(
                    (SELECT coalesce(nullif(w.known_as, ''), nullif(trim(w.legal_first || ' ' || w.legal_last), ''))
                      FROM person w WHERE w.case_id = r.case_id ORDER BY w.id LIMIT 1),
                    nullif(\(packed("person[0].known_as")), ''),
                    nullif(trim(coalesce(\(packed("person[0].legal_first")), '') || ' '
                      || coalesce(\(packed("person[0].legal_last")), '')), '')) AS called
                FROM referral r LEFT JOIN case_file c ON c.id = r.case_id
                LEFT JOIN referral_pack k ON k.id = (
                  SELECT p.id FROM referral_pack p WHERE p.referral_id = r.id AND json_valid(p.items) ORDER BY p.tier, p.frozen_at, p.id LIMIT 1)
                LEFT JOIN ru_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state
                WHERE \(condition) ORDER BY r.id DESC LIMIT \(most)
                """, arguments: id.map { [$0.sqlBlob] } ?? []
        ).map { row in
            let from = row["from_partner_id"] == nil ? partner : row.identifier("from_partner_id")
            let to = row.identifier("to_partner_id")
            let state: String = row["state"]
            return ReferralSummary(
                id: row.identifier("id").description, caseID: row.identifier("case_id").description,
                caseRef: row["ref"], called: row["called"], kind: row["kind"], from: codes[from], to: codes[to],
                side: Standing.side(of: partner, from: from, to: to), state: state,
                stateLabel: row["label"] ?? state, isOpen: row["closed"] == 0, urgency: row["urgency"],
                neededFrom: row["needed_from"], releaseDate: row["release_date"])
        }
    }
}
