package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The receiver's assessment: who does it, what is asked and answered, which home is held.
extension Referrals {
    /// Takes the referral on for assessment, by one named worker.
    @discardableResult
    package static func assess(
        _ text: String, assessor: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Assessing the referral"
        var standing = try Standing(text, by: partner, what: what, in: database)
        let name = assessor.filter { !$0.isNewline }
        guard !name.isEmpty, name.unicodeScalars.count <= 100 else {
            throw Failure(.badData, what: what, why: "nobody is named", remedy: "Name one worker, in 100 characters")
        }
        guard standing.state != "INFO_REQUESTED", let path = try standing.path(to: "UNDER_ASSESSMENT", in: database)
        else { throw try standing.illegal("UNDER_ASSESSMENT", what: what, in: database) }
        return try database.whole {
            try database.execute(
                sql: "UPDATE referral SET assessor = ? WHERE id = ?", arguments: [name, standing.id.sqlBlob])
            for state in path { try standing.take(state, what: what, in: database, now: now) }
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Asks the sender something; an assessment then waits for the answer.
    @discardableResult
    package static func ask(
        _ text: String, topic: String, question: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Asking the sender"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require(side: "RECEIVER", what: what, in: database)
        if standing.state != "INFO_REQUESTED" { try standing.require("INFO_REQUESTED", what: what, in: database) }
        try requireOpen("info_request", of: standing.id, what: what, in: database)
        try Codes.check(topic, list: "info_request.topic", what: what, in: database)
        guard !question.isEmpty || topic != "OTHER" else {
            throw Failure(.badData, what: what, why: "the topic OTHER needs words", remedy: "Write the question")
        }
        return try database.whole {
            _ = try database.add(
                "info_request",
                ["referral_id": standing.id.sqlBlob, "topic": topic, "question": question, "asked_at": now])
            if standing.state != "INFO_REQUESTED" {
                try standing.take("INFO_REQUESTED", what: what, in: database, now: now)
            }
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Answers an open question, and what else the receiver may be shown by now goes along. When none is left open the
    /// assessment goes on.
    ///
    /// - Parameter question: its id, or enough of it; nil when only one is open.
    @discardableResult
    package static func answer(
        _ text: String, question: String? = nil, answer: String, by partner: Identifier, in database: Database,
        now: Int64
    ) throws -> ReferralSummary {
        let what = "Answering the receiver"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require(side: "SENDER", what: what, in: database)
        guard !answer.isEmpty else {
            throw Failure(.badData, what: what, why: "the answer is empty", remedy: "Write it")
        }
        let open = try openQuestions(of: standing.id, in: database)
        let asked = try question.map { try Lookup.row($0, table: "info_request", what: what, in: database) }
        guard let asked = asked ?? (open.count == 1 ? open.first : nil), open.contains(asked) else {
            throw Failure(
                .badData, what: what,
                why: open.isEmpty ? "no question is open" : "\(open.count) questions are open",
                remedy: open.isEmpty ? "Look at it with 'referral show'" : "Name one: \(list(open))")
        }
        return try database.whole {
            try database.execute(
                sql: "UPDATE info_request SET answer = ?, answered_at = ? WHERE id = ?",
                arguments: [answer, now, asked.sqlBlob])
            if standing.state == "INFO_REQUESTED" {
                _ = try disclose(standing.id.description, by: partner, in: database, now: now)
                if open.count == 1 {
                    try standing.take("UNDER_ASSESSMENT", what: what, in: database, now: now)
                }
            }
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// Offers a home, once the hub holds it.
    ///
    /// Only the hub gives a home away, so this takes two goes with a sync in between: the first asks for the home, the
    /// second finds it held and offers it.
    ///
    /// - Parameters:
    ///   - unit: the home's id, or enough of it; nil where one was asked for already.
    ///   - from: the first night. - to: the day after the last night.
    /// - Returns: where the referral stands; the same as before while the home is only asked for.
    @discardableResult
    package static func offer(
        _ text: String, unit: String? = nil, from: String? = nil, to: String? = nil, by partner: Identifier,
        in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let what = "Offering a home"
        var standing = try Standing(text, by: partner, what: what, in: database)
        try standing.require("OFFERED", what: what, in: database)
        let held = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM unit_hold WHERE referral_id = ? AND status = 'HELD')",
            arguments: [standing.id.sqlBlob])
        return try database.whole {
            if held == true {
                try standing.take("OFFERED", what: what, in: database, now: now)
            } else {
                try hold(standing.id, unit: unit, from: from, to: to, by: partner, what: what, in: database)
            }
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    /// What a step opens may be written once the hub has taken the step: sooner it would come back.
    private static func requireOpen(
        _ table: String, of referral: Identifier, what: String, in database: Database
    ) throws {
        guard try RowAccess(referral, in: database).mayWrite(table) else {
            throw Failure(
                .notPermitted, what: what, why: "the hub has not heard yet that you assess this referral",
                remedy: "Sync, and try again")
        }
    }

    private static func hold(
        _ referral: Identifier, unit: String?, from: String?, to: String?, by partner: Identifier, what: String,
        in database: Database
    ) throws {
        let asked = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM unit_hold WHERE referral_id = ? AND status = 'REQUESTED')",
            arguments: [referral.sqlBlob])
        guard let unit, let from, let to else {
            let hasHomes = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM unit WHERE partner_id = ?)", arguments: [partner.sqlBlob])
            guard hasHomes == true else {
                throw Failure(
                    .badData, what: what, why: "your organisation has no home on record",
                    remedy: "Add the home first, among the records of your organisation; then offer it")
            }
            throw Failure(
                .badData, what: what, why: "the hub holds no home for it",
                remedy: asked == true
                    ? "The home was asked for: sync, and try again"
                    : "Name the home and the days: --unit, --from and --to"
            )
        }
        try requireOpen("unit_hold", of: referral, what: what, in: database)
        try Typed.date(from, name: "first night", what: what)
        try Typed.date(to, name: "day of leaving", what: what)
        guard from < to else {
            throw Failure(
                .badData, what: what, why: "the stay ends before it begins",
                remedy: "Give a first day before the last with --from and --to")
        }
        let home = try Lookup.row(unit, table: "unit", what: what, in: database)
        let isOwn = try Bool.fetchOne(
            database, sql: "SELECT partner_id = ? FROM unit WHERE id = ?", arguments: [partner.sqlBlob, home.sqlBlob])
        guard isOwn == true else {
            throw Failure(
                .notPermitted, what: what, why: "the home is another partner's", remedy: "Offer a home of your own")
        }
        _ = try database.add(
            "unit_hold",
            ["referral_id": referral.sqlBlob, "unit_id": home.sqlBlob, "from_on": from, "to_on": to])
    }

    /// Records what she said to the offer, face to face. The reason is a code of `referral.offer_refusal`.
    @discardableResult
    package static func answerOffer(
        _ text: String, accepted: Bool, reason: String? = nil, by partner: Identifier, in database: Database,
        now: Int64
    ) throws -> ReferralSummary {
        let what = "Recording her answer"
        var standing = try Standing(text, by: partner, what: what, in: database)
        let next = accepted ? "OFFER_ACCEPTED" : "OFFER_REFUSED"
        try standing.require(next, what: what, in: database)
        if accepted {
            guard reason == nil else {
                throw Failure(
                    .badData, what: what, why: "a yes needs no reason", remedy: "Leave the reason out (--reason)")
            }
        } else {
            try Codes.check(reason ?? "", list: "referral.offer_refusal", what: what, in: database)
        }
        return try database.whole {
            try standing.take(next, code: reason, what: what, in: database, now: now)
            return try summary(of: standing.id, by: partner, in: database)
        }
    }

    private static func openQuestions(of referral: Identifier, in database: Database) throws -> [Identifier] {
        try Row.fetchAll(
            database, sql: "SELECT id FROM info_request WHERE referral_id = ? AND answer IS NULL ORDER BY asked_at, id",
            arguments: [referral.sqlBlob]
        ).map { $0.identifier("id") }
    }

    private static func list(_ ids: [Identifier]) -> String { ids.map(\.description).joined(separator: ", ") }
}
