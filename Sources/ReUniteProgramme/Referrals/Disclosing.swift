package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What the sender of a referral shows of the case, frozen stage by stage.
extension Referrals {
    /// Adds the pack that the referral's stage allows, where a higher tier has been reached than was shown so far.
    /// Returns the tier; nil when it has been shown already.
    ///
    /// - Throws: ``Failure`` (badData) when this partner is not the sender, or nothing allows the disclosure.
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

    /// Freezes the facts of a stage's tier, on the consent or the decision that allows it.
    static func freeze(
        _ standing: Standing, at state: String, what: String, in database: Database, now: Int64
    ) throws {
        try Guards.setClock(now, in: database)
        let basis = try Row.fetchOne(
            database,
            sql: """
                SELECT kind, id FROM disclosure_basis WHERE case_id = ? AND partner_id = ?
                ORDER BY kind = 'CONSENT' DESC, id LIMIT 1
                """, arguments: [standing.caseID.sqlBlob, standing.to.sqlBlob])
        guard let basis else {
            throw Failure(
                .badData, what: what, why: "she has not consented to share with this receiver, or no longer",
                remedy:
                    "Record her consent first: 'consent give'. After she took it back, a yes counts with the signed form "
                    + "(purpose \(Consents.sharing)), and from a day later")
        }
        let isConsent = basis["kind"] == "CONSENT"
        let override: String? = isConsent ? nil : basis["kind"]
        let packs = try ReferralPack.parts(
            for: standing.caseID, tier: try packTier(at: state, what: what, in: database), receiver: standing.to,
            in: database)
        for pack in packs {
            _ = try database.add(
                "referral_pack",
                [
                    "referral_id": standing.id.sqlBlob, "tier": pack.tier, "items": pack.items,
                    "sha256": pack.sha256.sqlBlob, "consent_id": isConsent ? basis.identifier("id").sqlBlob : nil,
                    "override_basis": override, "frozen_at": now,
                ])
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

    static func requirePerson(in id: Identifier, what: String, in database: Database) throws {
        guard
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM person WHERE case_id = ?)", arguments: [id.sqlBlob])
                == true
        else {
            throw Failure(
                .badData, what: what, why: "nothing in the case says who she is", remedy: "Add her details first")
        }
    }
}
