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
        try requirePerson(in: standing.caseID, what: what, in: database)
        return try database.whole {
            try freeze(standing, at: "SENT", what: what, in: database, now: now)
            try standing.take("SENT", what: what, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
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
            for state in path { try standing.take(state, what: what, in: database, now: now) }
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

    /// Records that she took back her consent to this referral: the sender as evidence in her case, the receiver, who
    /// may not write that, as a step. Either way the referral closes.
    ///
    /// - Parameter time: when she said so, milliseconds since 1970; nil for now.
    @discardableResult
    package static func withdrawConsent(
        _ text: String, at time: Int64? = nil, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Recording that she took consent back"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require("CONSENT_WITHDRAWN", what: what, in: database)
        try Typed.past(time, now: now, what: what)
        return try database.whole {
            if standing.relation == "SENDER" {
                let code = try Partners.find(standing.to, in: database)?.code
                _ = try Consents.withdraw(
                    NewConsent(purpose: Consents.sharing, partner: code, recordedFor: time),
                    for: standing.caseID.description, by: partner, in: database, now: now)
            } else {
                try standing.take("CONSENT_WITHDRAWN", at: time, what: what, in: database, now: now)
            }
            return try summary(of: standing.id, by: partner, in: database)
        }
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
            try standing.take(state, what: what, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Closes the open referrals of a case to a partner (nil: to all) because she took consent back, where nothing else
    /// allows them. Returns those it closed.
    static func closeForConsent(
        case id: Identifier, to receiver: Identifier?, at time: Int64, by partner: Identifier, in database: Database,
        now: Int64
    ) throws -> [Identifier] {
        let what = "Closing the referral"
        let candidates = try Row.fetchAll(
            database,
            sql: """
                SELECT id FROM referral WHERE case_id = ?1 AND (?2 IS NULL OR to_partner_id = ?2)
                  AND (from_partner_id IS NULL OR ?3 IN (from_partner_id, to_partner_id)) ORDER BY id
                """, arguments: [id.sqlBlob, receiver?.sqlBlob, partner.sqlBlob])
        var closed: [Identifier] = []
        for candidate in candidates {
            var standing = try Standing(candidate.identifier("id"), by: partner, what: what, in: database)
            let steps = try standing.openSteps(in: database)
            guard steps.contains(where: { $0.state == "CONSENT_WITHDRAWN" }) else { continue }
            guard try isRefused(standing.id, in: database) else { continue }
            try standing.take("CONSENT_WITHDRAWN", at: time, what: what, in: database, now: now)
            closed.append(standing.id)
        }
        return closed
    }

    /// Whether she said no to a referral, and nothing else allows it.
    private static func isRefused(_ id: Identifier, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM referral_refused WHERE id = ?)", arguments: [id.sqlBlob])
            ?? false
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
            try standing.take(state, reason: reason, what: what, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }
}
