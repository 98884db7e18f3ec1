package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The steps of a referral. Each asks the schema whether this side may take it now; a step that it may not take is
/// refused with the steps that are open, and nothing is written.
extension Referrals {
    /// Freezes the pack that the next stage allows and sends the referral.
    ///
    /// - Throws: ``Failure``: badData when the step is not open, when she has not consented to share with the
    ///   receiver, when nothing says who she is, or when her case is on its way to another home already.
    @discardableResult
    package static func send(
        _ text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Sending the referral"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require("SENT", what: what, in: database)
        try requireOwner(of: standing.caseID, partner, what: what, in: database)
        try requireWhole(standing, what: what, in: database)
        return try database.whole {
            try freeze(standing, at: "SENT", what: what, in: database, now: now)
            try standing.take("SENT", in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Adds the pack that the referral's stage allows, where a higher tier has been reached than was shown so far.
    /// Returns the tier; nil when it has been shown already.
    ///
    /// - Throws: ``Failure`` (badData) when this partner is not the sender or there is no consent.
    @discardableResult
    package static func disclose(
        _ text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> String? {
        let what = "Disclosing more"
        let standing = try Standing(text, by: partner, what: what, in: database)
        let isOut =
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT s.closed = 0 AND s.rank >= t.rank FROM ru_state s JOIN ru_state t USING (tbl, col)
                    WHERE s.tbl = 'referral' AND s.col = 'state' AND s.value = ? AND t.value = 'SENT'
                    """, arguments: [standing.state]) ?? false
        guard isOut, standing.relation == "SENDER" else {
            throw Failure(
                .badData, what: what, why: "only the sender of an open referral that was sent adds to what it shows",
                remedy: "Look at the referral with 'referral show'")
        }
        try requireOwner(of: standing.caseID, partner, what: what, in: database)
        let tier = try packTier(at: standing.state, what: what, in: database)
        let shown = try String.fetchOne(
            database, sql: "SELECT max(tier) FROM referral_pack WHERE referral_id = ?",
            arguments: [standing.id.sqlBlob])
        if let shown, shown >= tier { return nil }
        return try database.whole {
            try freeze(standing, at: standing.state, what: what, in: database, now: now)
            return tier
        }
    }

    /// Accepts, taking every step in between that is the receiver's own: received, under assessment, accepted.
    @discardableResult
    package static func accept(
        _ text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Accepting the referral"
        var standing = try Standing(text, by: partner, what: what, in: database)
        guard standing.state != "ACCEPTED", let path = try standing.path(to: "ACCEPTED", in: database) else {
            throw try standing.illegal("ACCEPTED", what: what, in: database)
        }
        return try database.whole {
            for state in path { try standing.take(state, in: database, now: now) }
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Declines, with a code of `referral.decline_reason`. The words stay readable to both partners: no names.
    @discardableResult
    package static func decline(
        _ text: String, reason: String, words: String? = nil, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        try close(
            text, as: "DECLINED", reason: ("decline", reason, words), what: "Declining the referral", by: partner,
            in: database, now: now)
    }

    /// Withdraws, with a code of `referral.withdraw_reason`. Where she took consent back, record that instead
    /// (``Consents/withdraw(_:for:by:in:now:)``): it has its own state, which wins over everything.
    @discardableResult
    package static func withdraw(
        _ text: String, reason: String, words: String? = nil, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        try close(
            text, as: "WITHDRAWN", reason: ("withdraw", reason, words), what: "Withdrawing the referral", by: partner,
            in: database, now: now)
    }

    /// Takes any other single step: to assessment, to a waiting list, an offer and its answer, handover, return.
    ///
    /// - Throws: ``Failure`` (badData) also for the steps that need more than their name: sending, declining,
    ///   withdrawing.
    @discardableResult
    package static func step(
        _ text: String, to state: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Taking the step"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require(state, what: what, in: database)
        guard !["SENT", "DECLINED", "WITHDRAWN"].contains(state) else {
            throw Failure(
                .badData, what: what, why: "\(state) needs more than a step",
                remedy: "Use the command for it: send, decline or withdraw")
        }
        return try database.whole {
            try standing.take(state, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Closes the open referrals of a case to a partner because she took consent back. Returns those it closed.
    static func closeForConsent(
        case id: Identifier, to receiver: Identifier, by partner: Identifier, in database: Database, now: Int64
    ) throws -> [Identifier] {
        let what = "Closing the referral"
        let candidates = try Row.fetchAll(
            database,
            sql: """
                SELECT id FROM referral WHERE case_id = ?1 AND to_partner_id = ?2
                  AND (from_partner_id IS NULL OR ?3 IN (from_partner_id, to_partner_id)) ORDER BY id
                """, arguments: [id.sqlBlob, receiver.sqlBlob, partner.sqlBlob])
        var closed: [Identifier] = []
        for candidate in candidates {
            var standing = try Standing(candidate.identifier("id"), by: partner, what: what, in: database)
            let steps = try standing.openSteps(in: database)
            guard steps.contains(where: { $0.state == "CONSENT_WITHDRAWN" }) else { continue }
            try standing.take("CONSENT_WITHDRAWN", in: database, now: now)
            closed.append(standing.id)
        }
        return closed
    }

    private static func close(
        _ text: String, as state: String, reason: (column: String, code: String, words: String?), what: String,
        by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require(state, what: what, in: database)
        try Codes.check(reason.code, list: "referral.\(reason.column)_reason", what: what, in: database)
        guard reason.code != "OTHER" || reason.words?.isEmpty == false else {
            throw Failure(
                .badData, what: what, why: "the reason OTHER needs words", remedy: "Say it in words, without names")
        }
        return try database.whole {
            try standing.take(state, reason: reason, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    private static func packTier(at state: String, what: String, in database: Database) throws -> String {
        let tier = try String.fetchOne(
            database, sql: "SELECT tier FROM stage_pack WHERE state = ?", arguments: [state])
        guard let tier else {
            throw Failure(
                .badData, what: what, why: "at \(state) nothing is disclosed", remedy: "Take the next step first")
        }
        return tier
    }

    /// Freezes the facts of a stage's tier, under the consent that allows it.
    private static func freeze(
        _ standing: Standing, at state: String, what: String, in database: Database, now: Int64
    ) throws {
        guard let consent = try Consents.live(for: standing.caseID, naming: standing.to, in: database, now: now) else {
            throw Failure(
                .badData, what: what, why: "she has not consented to share with this receiver, or no longer",
                remedy: "Record her consent first: 'consent give', purpose \(Consents.sharing)")
        }
        let pack = try ReferralPack.build(
            for: standing.caseID, tier: try packTier(at: state, what: what, in: database), receiver: standing.to,
            in: database)
        _ = try database.add(
            "referral_pack",
            [
                "referral_id": standing.id.sqlBlob, "tier": pack.tier, "items": pack.items,
                "sha256": pack.sha256.sqlBlob, "consent_id": consent.sqlBlob, "frozen_at": now,
            ])
    }

    private static func requireWhole(_ standing: Standing, what: String, in database: Database) throws {
        guard
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM person WHERE case_id = ?)",
                arguments: [standing.caseID.sqlBlob]) == true
        else {
            throw Failure(
                .badData, what: what, why: "nothing in the case says who she is", remedy: "Add her details first")
        }
        let others = try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM referral r
                  JOIN ru_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state
                  JOIN ru_state t ON t.tbl = 'referral' AND t.col = 'state' AND t.value = 'SENT'
                  WHERE r.case_id = ?1 AND r.id <> ?2 AND r.kind = ?3 AND s.closed = 0 AND s.rank >= t.rank)
                """, arguments: [standing.caseID.sqlBlob, standing.id.sqlBlob, "REFER_HOUSE"])
        guard others != true || standing.kind != "REFER_HOUSE" else {
            throw Failure(
                .badData, what: what, why: "another referral to house her is under way",
                remedy: "Withdraw that one first, or make this one REFER_SHARED")
        }
    }
}
