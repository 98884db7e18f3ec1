package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The steps of a referral as a form brings them: the step's name and what was typed, field by field.
extension Referrals {
    /// Signing for a handover that the other side has begun.
    package static let signing = "sign"
    /// Signing that she goes back, after the transfer.
    package static let givingBack = "give-back"

    /// Takes a step.
    ///
    /// - Parameters:
    ///   - step: the state that it leads to in small letters, ``signing`` or ``givingBack``.
    ///   - typed: by the name of the field; dates `YYYY-MM-DD`, codes as the lists have them.
    /// - Throws: ``Failure`` as the step itself does.
    @discardableResult
    package static func take(
        _ step: String, of referral: Identifier, _ typed: [String: String], by partner: Identifier,
        in database: Database, now: Int64
    ) throws -> ReferralSummary {
        let id = referral.description
        let standing = try Standing(referral, by: partner, what: "Taking the step", in: database)
        func text(_ name: String) -> String? { typed[name].flatMap { $0.isEmpty ? nil : $0 } }
        func need(_ name: String) -> String { typed[name] ?? "" }
        switch step {
        case "sent": return try send(id, by: partner, in: database, now: now)
        case "under_assessment" where standing.relation == "SENDER":
            return try answer(
                id, question: text("question"), answer: need("answer"), by: partner, in: database, now: now)
        case "under_assessment" where standing.state != "INFO_REQUESTED":
            return try assess(id, assessor: need("assessor"), by: partner, in: database, now: now)
        case "info_requested":
            return try ask(id, topic: need("topic"), question: need("question"), by: partner, in: database, now: now)
        case "offered":
            return try offer(
                id, unit: text("unit"), from: text("from"), to: text("to"), by: partner, in: database, now: now)
        case "offer_accepted": return try answerOffer(id, accepted: true, by: partner, in: database, now: now)
        case "offer_refused":
            return try answerOffer(id, accepted: false, reason: need("reason"), by: partner, in: database, now: now)
        case "accepted": return try accept(id, by: partner, in: database, now: now)
        case "declined":
            return try decline(
                id, reason: need("reason"), words: text("words"), by: partner, in: database, now: now)
        case "withdrawn":
            return try withdraw(
                id, reason: need("reason"), words: text("words"), by: partner, in: database, now: now)
        case "consent_withdrawn":
            let time = text("at").map { CivilTime.londonTime($0, on: nil) }
            if case .some(.none) = time {
                throw Failure(
                    .badData, what: "Recording that she took consent back", why: "the day and time cannot be read",
                    remedy: "Write them as 2026-11-23 14:05")
            }
            return try withdrawConsent(id, at: time.flatMap { $0 }, by: partner, in: database, now: now)
        case "returned", givingBack:
            return try giveBack(
                id, reason: need("reason"), signedBy: text("signed_by"), by: partner, in: database, now: now)
        case "completed":
            return try complete(id, outcome: need("outcome"), on: text("on"), by: partner, in: database, now: now)
        case "handover", signing:
            let list = HandoverChecklist(
                riskCall: text("risk_call") ?? "OPEN", childrenPlan: text("children_plan") ?? "OPEN",
                dutyToRefer: text("duty_to_refer") ?? "OPEN", transport: text("transport") ?? "OPEN")
            return try handOver(id, list, signedBy: text("signed_by"), by: partner, in: database, now: now)
        case "pre_check": return try enquire(standing, typed, in: database, now: now)
        default: return try self.step(id, to: step.uppercased(), by: partner, in: database, now: now)
        }
    }

    /// Asks the receiver first whether it would have room, naming nobody.
    private static func enquire(
        _ standing: Standing, _ typed: [String: String], in database: Database, now: Int64
    ) throws -> ReferralSummary {
        func text(_ name: String) -> String? { typed[name].flatMap { $0.isEmpty ? nil : $0 } }
        func list(_ name: String) -> [String] {
            (typed[name] ?? "").split { $0 == "," || $0.isWhitespace }.map { $0.uppercased() }
        }
        let bedrooms = text("bedrooms").map { Int64($0) }
        if case .some(.none) = bedrooms {
            throw Failure(
                .badData, what: "Making the enquiry", why: "the number of bedrooms is not a number",
                remedy: "Write digits alone")
        }
        let new = NewEnquiry(
            to: try Partners.find(standing.to, in: database)?.code ?? "", releaseMonth: text("month"),
            bedrooms: bedrooms.flatMap { $0 }, childrenBands: list("children"),
            needsStepFree: typed["step_free"] == "yes", excludedOutward: list("not_in"))
        _ = try Enquiries.make(new, for: standing.id.description, by: standing.partner, in: database, now: now)
        return try summary(of: standing.id, by: standing.partner, in: database)
    }
}
