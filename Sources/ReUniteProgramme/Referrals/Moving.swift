package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What has to be done before a woman moves from one partner to another: each item `DONE`, `NOT_NEEDED` or `OPEN`.
package struct HandoverChecklist: Hashable, Sendable {
    /// Both partners talked about her risk.
    package var riskCall: String
    package var childrenPlan: String
    /// The duty to refer was switched to the new local authority.
    package var dutyToRefer: String
    /// From the gate to her home.
    package var transport: String

    package init(
        riskCall: String = "OPEN", childrenPlan: String = "OPEN", dutyToRefer: String = "OPEN",
        transport: String = "OPEN"
    ) {
        self.riskCall = riskCall
        self.childrenPlan = childrenPlan
        self.dutyToRefer = dutyToRefer
        self.transport = transport
    }

    /// - Throws: ``Failure`` (badData), naming what is open.
    func requireDone(what: String) throws {
        let items = [
            ("the risk call", riskCall), ("the children's plan", childrenPlan), ("the duty to refer", dutyToRefer),
            ("transport from the gate", transport),
        ]
        let open = items.filter { $0.1 != "DONE" && $0.1 != "NOT_NEEDED" }.map(\.0)
        guard !open.isEmpty else { return }
        throw Failure(
            .badData, what: what, why: "not everything on the list is done: \(open.joined(separator: ", "))",
            remedy: "Each of them has to be done, or not needed")
    }
}

/// The move itself, and the ways back.
extension Referrals {
    /// Signs for this partner's side. The sender's signature also opens the handover and freezes what it keeps: after
    /// the transfer it sees no more of the case. When both sides have signed the hub transfers the case.
    @discardableResult
    package static func handOver(
        _ text: String, _ checklist: HandoverChecklist, signedBy role: String? = nil, by partner: Identifier,
        in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Handing over"
        var standing = try Standing(text, by: partner, what: what, in: database)
        guard ["ACCEPTED", "HANDOVER"].contains(standing.state) else {
            throw try standing.illegal("HANDOVER", what: what, in: database)
        }
        guard standing.kind == "REFER_HOUSE" else {
            throw Failure(
                .badData, what: what, why: "this is joint work: the case stays where it is",
                remedy: "End the referral as done or as withdrawn with 'referral complete' or 'referral withdraw'")
        }
        try checklist.requireDone(what: what)
        try requireUnsigned("HANDOVER", standing, what: what, in: database)
        return try database.whole {
            if standing.relation == "SENDER" {
                try requireOwner(of: standing.caseID, partner, what: what, in: database)
                try freeze(standing, at: "HANDOVER", what: what, in: database, now: now)
            }
            _ = try database.add(
                "referral_signature",
                [
                    "referral_id": standing.id.sqlBlob, "kind": "HANDOVER", "partner_id": partner.sqlBlob,
                    "signed_by": role, "risk_call": checklist.riskCall, "children_plan": checklist.childrenPlan,
                    "duty_to_refer": checklist.dutyToRefer, "transport": checklist.transport, "recorded_for_at": now,
                    "entered_at": now,
                ])
            if standing.relation == "SENDER", standing.state == "ACCEPTED" {
                try standing.take("HANDOVER", what: what, in: database, now: now)
            }
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Gives her back to the sender, with a code of `referral.return_reason`. Before the transfer the receiver does it
    /// alone. Within 14 days after it both sides sign, and the hub returns the case.
    @discardableResult
    package static func giveBack(
        _ text: String, reason: String, signedBy role: String? = nil, by partner: Identifier, in database: Database,
        now: Int64
    ) throws -> ReferralSummary {
        let what = "Returning the referral"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try Codes.check(reason, list: "referral.return_reason", what: what, in: database)
        if standing.state != "TRANSFERRED" {
            try standing.require("RETURNED", what: what, in: database)
            return try database.whole {
                try standing.take("RETURNED", code: reason, what: what, in: database, now: now)
                return try summary(of: standing.id, by: partner, in: database)
            }
        }
        try requireRecentTransfer(standing.id, now: now, what: what, in: database)
        try requireUnsigned("RETURN", standing, what: what, in: database)
        return try database.whole {
            _ = try database.add(
                "referral_signature",
                [
                    "referral_id": standing.id.sqlBlob, "kind": "RETURN", "partner_id": partner.sqlBlob,
                    "signed_by": role, "reason": reason, "recorded_for_at": now, "entered_at": now,
                ])
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// She is back in prison: the receiver keeps the case, and the former owner may reach her.
    @discardableResult
    package static func recall(
        _ text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        try step(text, to: "RECALLED_OPEN", by: partner, in: database, now: now)
    }

    /// Ends the referral with one line of outcome for the sender: a code of `referral_outcome.band`.
    @discardableResult
    package static func complete(
        _ text: String, outcome: String, on date: String? = nil, by partner: Identifier, in database: Database,
        now: Int64
    ) throws -> ReferralSummary {
        let what = "Completing the referral"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require("COMPLETED", what: what, in: database)
        try Codes.check(outcome, list: "referral_outcome.band", what: what, in: database)
        try Typed.date(date, name: "day of the outcome", what: what)
        return try database.whole {
            _ = try database.add(
                "referral_outcome",
                [
                    "referral_id": standing.id.sqlBlob, "partner_id": partner.sqlBlob, "band": outcome,
                    "on_date": date ?? CivilTime.londonDate(milliseconds: now), "entered_at": now,
                ])
            try standing.take("COMPLETED", what: what, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    private static func requireUnsigned(
        _ kind: String, _ standing: Standing, what: String, in database: Database
    ) throws {
        let isSigned = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM referral_signed WHERE id = ? AND kind = ? AND side = ?)",
            arguments: [standing.id.sqlBlob, kind, standing.relation])
        guard isSigned != true else {
            throw Failure(
                .badData, what: what, why: "the \(standing.relation.lowercased()) has signed already",
                remedy: "Wait for the other side; look at what is missing with 'referral show'")
        }
    }

    private static func requireRecentTransfer(
        _ id: Identifier, now: Int64, what: String, in database: Database
    ) throws {
        let moved = try Int64.fetchOne(
            database,
            sql: """
                SELECT max(recorded_for_at) FROM referral_event WHERE referral_id = ? AND to_state = 'TRANSFERRED'
                """, arguments: [id.sqlBlob])
        guard let moved, now > moved + 14 * 86_400_000 else { return }
        throw Failure(
            .badData, what: what, why: "the transfer is more than 14 days ago",
            remedy: "Refer her anew, from the organisation that has her now")
    }
}
