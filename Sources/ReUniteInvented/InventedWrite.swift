import Foundation
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// One thing that somebody at a partner's writes down, and when.
package struct InventedWrite: Sendable {
    typealias Cells = [(column: String, value: (any DatabaseValueConvertible & Sendable)?)]

    enum Act: Sendable {
        case row(table: String, Cells)
        case change(table: String, Cells)
        case step(InventedStep)
    }

    /// The day on which it is typed.
    package let day: InventedDay
    /// Who types it: whoever owns the case, or this partner.
    let partner: Int
    let caseID: Identifier?
    /// Of the row, the referral or the enquiry.
    let id: Identifier
    let act: Act

    /// Writes it as any program would: plain SQL on a replica, and a referral's steps by their rules.
    ///
    /// - Parameters:
    ///   - place: who writes, among the partners.
    ///   - partners: their ids, which the hub gave.
    func perform(by place: Int, partners: [Identifier], in database: Database, now: Int64) throws {
        func stored(_ value: (any DatabaseValueConvertible & Sendable)?) -> (any DatabaseValueConvertible)? {
            guard let data = value as? Data else { return value }
            if data == InventedPlan.partnerMark { return partners[place].sqlBlob }
            return data.count == 1 ? partners[Int(data[data.startIndex]) % partners.count].sqlBlob : data
        }
        switch act {
        case .row(let table, let cells):
            let given = cells.compactMap { cell in stored(cell.value).map { (cell.column, $0) } }
            let names = (["id"] + given.map(\.0)).joined(separator: ", ")
            let marks = Array(repeating: "?", count: given.count + 1).joined(separator: ", ")
            try database.cachedStatement(sql: "INSERT INTO \(table)(\(names)) VALUES(\(marks))").execute(
                arguments: StatementArguments([id.sqlBlob] + given.map(\.1)))
        case .change(let table, let cells):
            let sets = cells.map { "\($0.column) = ?" }.joined(separator: ", ")
            let values: [(any DatabaseValueConvertible)?] = cells.map { stored($0.value) } + [id.sqlBlob]
            try database.cachedStatement(sql: "UPDATE \(table) SET \(sets) WHERE id = ?").execute(
                arguments: StatementArguments(values))
        case .step(let step):
            try step.perform(on: id.description, by: partners[place], in: database, now: now)
        }
    }
}

/// A step of a referral or an enquiry, by one of its sides.
enum InventedStep: Sendable {
    case send
    case assess(by: String)
    case ask(topic: String)
    case answer
    case hold(unit: Identifier, from: String, to: String)
    case offer
    case answerOffer(accepted: Bool)
    case accept
    case decline(reason: String)
    case withdraw(reason: String)
    case sign
    case complete(band: String)
    /// Of an enquiry, by its receiver.
    case answerEnquiry(String, reason: String?)

    func perform(on referral: String, by partner: Identifier, in database: Database, now: Int64) throws {
        switch self {
        case .send: try Referrals.send(referral, by: partner, in: database, now: now)
        case .assess(let name): try Referrals.assess(referral, assessor: name, by: partner, in: database, now: now)
        case .ask(let topic):
            try Referrals.ask(
                referral, topic: topic, question: "Is there anything that we should plan for?", by: partner,
                in: database,
                now: now)
        case .answer:
            try Referrals.answer(
                referral, answer: "We have talked it through with her: nothing beyond the plan.", by: partner,
                in: database, now: now)
        case .hold(let unit, let from, let to):
            try Referrals.offer(
                referral, unit: unit.description, from: from, to: to, by: partner, in: database, now: now)
        case .offer: try Referrals.offer(referral, by: partner, in: database, now: now)
        case .answerOffer(let accepted):
            try Referrals.answerOffer(
                referral, accepted: accepted, reason: accepted ? nil : "TOO_FAR_FROM_CHILDREN", by: partner,
                in: database,
                now: now)
        case .accept: try Referrals.accept(referral, by: partner, in: database, now: now)
        case .decline(let reason):
            try Referrals.decline(referral, reason: reason, by: partner, in: database, now: now)
        case .withdraw(let reason):
            try Referrals.withdraw(referral, reason: reason, by: partner, in: database, now: now)
        case .sign:
            let done = HandoverChecklist(
                riskCall: "DONE", childrenPlan: "DONE", dutyToRefer: "NOT_NEEDED", transport: "DONE")
            try Referrals.handOver(referral, done, signedBy: "Support worker", by: partner, in: database, now: now)
        case .complete(let band):
            try Referrals.complete(referral, outcome: band, by: partner, in: database, now: now)
        case .answerEnquiry(let answer, let reason):
            try Enquiries.answer(referral, answer, reason: reason, by: partner, in: database)
        }
    }
}
