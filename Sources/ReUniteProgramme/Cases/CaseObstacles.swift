package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Why a partner does not see a case, in plain words.
package enum CaseObstacles {
    /// What keeps a partner from the case, the nearest first; empty where nothing does.
    ///
    /// - Parameter partner: its code.
    package static func find(
        _ id: Identifier, partner code: String, in database: Database
    ) throws -> [String] {
        guard let partner = try Partners.list(in: database).first(where: { $0.code == code }) else {
            return ["No partner has that code."]
        }
        var found: [String] = []
        if !partner.isActive { found.append("\(code) has left the network.") }
        let owner = try Row.fetchOne(
            database,
            sql: """
                SELECT c.owner_partner_id AS id, p.code FROM case_file c
                LEFT JOIN partner p ON p.id = c.owner_partner_id WHERE c.id = ?
                """, arguments: [id.sqlBlob])
        guard let owner else { return found + ["The case is not here."] }
        if owner.identifier("id") == partner.id { return found }
        let limited = try Int.fetchOne(
            database, sql: "SELECT 1 FROM access_limit WHERE case_id = ? AND partner = ?",
            arguments: [id.sqlBlob, partner.id.sqlBlob])
        if limited != nil { found.append("The case is closed to \(code): access to it is limited.") }
        let referrals = try Row.fetchAll(
            database,
            sql: """
                SELECT r.id, r.state, r.from_partner_id, r.to_partner_id, s.label, s.closed FROM referral r
                JOIN ru_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state
                WHERE r.case_id = ?1 AND ?2 IN (r.to_partner_id, r.from_partner_id) ORDER BY r.id
                """, arguments: [id.sqlBlob, partner.id.sqlBlob])
        if referrals.isEmpty { found.append("No referral of this case names \(code).") }
        for referral in referrals {
            found.append(try obstacle(referral, partner, owner: owner, database))
        }
        // As of the hub's last write, which sets its clock; reading sets nothing.
        let basis = try Int.fetchOne(
            database, sql: "SELECT 1 FROM disclosure_basis WHERE case_id = ? AND partner_id = ? LIMIT 1",
            arguments: [id.sqlBlob, partner.id.sqlBlob])
        if basis == nil { found.append(try consent(id, partner, database)) }
        return found
    }

    private static func obstacle(
        _ referral: Row, _ partner: PartnerSummary, owner: Row, _ database: Database
    ) throws -> String {
        let isReceiver = referral.identifier("to_partner_id") == partner.id
        let side = isReceiver ? "RECEIVER" : "SENDER"
        let other = referral.identifier(isReceiver ? "from_partner_id" : "to_partner_id")
        let state: String = referral["state"]
        let label: String = referral["label"]
        let name = "Referral \(referral.identifier("id"))"
        if owner.identifier("id") != other {
            let code: String? = owner["code"]
            return "\(name) does not open the case: it belongs to \(code ?? "somebody else") now."
        }
        let opening = try Row.fetchAll(
            database,
            sql: """
                SELECT t.state, s.label FROM stage_tier t
                JOIN ru_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = t.state
                WHERE t.side = ? AND t.scope_kind = 'case' ORDER BY s.closed, s.rank
                """, arguments: [side])
        if opening.contains(where: { $0["state"] == state }) {
            return "\(name) is in the state '\(label)' and opens the case once nothing else stands against it."
        }
        let first: String? = opening.first?["label"]
        let from = first.map { "it opens the case only from '\($0)' on" } ?? "it never opens the case"
        return referral["closed"] == 0
            ? "\(name) is in the state '\(label)': \(from)." : "\(name) ended: '\(label)'."
    }

    private static func consent(
        _ id: Identifier, _ partner: PartnerSummary, _ database: Database
    ) throws -> String {
        let latest = try Row.fetchOne(
            database,
            sql: """
                SELECT decision, recorded_for_at, expires_on FROM consent
                WHERE case_id = ? AND purpose = ? AND (partner_id IS NULL OR partner_id = ?)
                ORDER BY recorded_for_at DESC, decision = 'GIVEN', id DESC LIMIT 1
                """, arguments: [id.sqlBlob, Consents.sharing, partner.id.sqlBlob])
        guard let latest else { return "She has not agreed to share with \(partner.code)." }
        let day = String(CivilTime.instant(milliseconds: latest["recorded_for_at"]).prefix(10))
        switch latest["decision"] as String {
        case "WITHDRAWN": return "She took her consent back on \(day)."
        case "REFUSED": return "She refused on \(day)."
        default: return "Her consent has run out."
        }
    }
}
