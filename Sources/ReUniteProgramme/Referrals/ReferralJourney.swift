import Foundation
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A referral as a way with stations: what was done and when, where it stands, what comes next and who may do it.
package struct ReferralJourney: Sendable {
    package struct Stage: Hashable, Sendable {
        package enum Standing: Hashable, Sendable { case done, here, ahead }

        package let label: String
        /// When it happened and who did it; empty ahead.
        package let when: String
        package let by: String
        /// Who may bring it there, by code; empty for what is done.
        package let who: String
        package let standing: Standing

        func standing(_ standing: Standing) -> Stage {
            Stage(label: label, when: when, by: by, who: who, standing: standing)
        }
    }

    package struct Question: Hashable, Sendable {
        package let id: String
        package let topic: String
        package let text: String
        package let answer: String
    }

    /// What was told to the receiver, in words.
    package struct Told: Hashable, Sendable {
        package let tier: String
        package let frozen: String
        package let isIntact: Bool
        package let sections: [Section]

        package struct Section: Hashable, Sendable {
            package let label: String
            package let rows: [[CaseSheet.Field]]
        }
    }

    package let summary: ReferralSummary
    package let stages: [Stage]
    /// Open to this side now.
    package let steps: [OpenStep]
    /// What somebody else does next, in words.
    package let elsewhere: [String]
    package let facts: [CaseSheet.Field]
    package let questions: [Question]
    package let told: [Told]
    /// Whether this side has to sign before the hub moves the case.
    package let maySign: Bool
    /// Whether this side may say that the case goes back: the receiver first, and then the sender.
    package let mayGiveBack: Bool
    /// This partner's homes, by id and name.
    package let homes: [RowField.Option]
    /// Whether the case itself is here.
    package let holdsCase: Bool
    /// The homes that were asked for or are held for her, in words.
    package let holds: [String]
}

extension Referrals {
    /// The stations that every referral passes if nothing comes in between.
    private static let road: Set<String> = [
        "DRAFT", "SENT", "RECEIVED", "UNDER_ASSESSMENT", "OFFERED", "OFFER_ACCEPTED", "ACCEPTED", "HANDOVER",
        "TRANSFERRED", "COMPLETED",
    ]

    package static func journey(
        _ id: Identifier, by partner: Identifier, in database: Database
    ) throws -> ReferralJourney {
        let detail = try show(id.description, by: partner, in: database)
        let labels = try Labels(database)
        let codes = try Partners.codes(in: database)
        let state = detail.summary.state
        let isShared = detail.summary.kind != "REFER_HOUSE"
        let known = try Row.fetchAll(
            database,
            sql: """
                SELECT value, label, closed, rank FROM ru_state WHERE tbl = 'referral' AND col = 'state'
                ORDER BY closed, rank
                """)
        let isOver = !detail.summary.isOpen && !["TRANSFERRED", "RECALLED_OPEN"].contains(state)
        let movers = try movers(detail.summary, in: database)
        // What happened, in its order: a station that was come back to stands there twice.
        var stages = detail.events.compactMap { event -> (state: String, stage: ReferralJourney.Stage)? in
            guard let to = event["to_state"], case .integer(let time)? = event.values["recorded_for_at"],
                let label = known.first(where: { $0["value"] == to })?["label"] as String?
            else { return nil }
            return (
                to,
                ReferralJourney.Stage(
                    label: label, when: CivilTime.londonMinute(milliseconds: time),
                    by: event.partners["actor_partner"] ?? "the hub", who: "", standing: .done)
            )
        }
        if let last = stages.last, last.state == state {
            stages[stages.count - 1].stage = last.stage.standing(.here)
        } else {
            stages.append(
                (
                    state,
                    ReferralJourney.Stage(
                        label: detail.summary.stateLabel, when: "", by: "", who: "", standing: .here)
                ))
        }
        // What is still to come: a station that was passed over is not.
        let passed = Set(stages.map(\.state))
        let here = known.lastIndex { passed.contains($0["value"]) && road.contains($0["value"]) } ?? -1
        for (place, row) in known.enumerated() where place > here && !isOver {
            let value: String = row["value"]
            guard road.contains(value), !passed.contains(value),
                !(isShared && ["HANDOVER", "TRANSFERRED"].contains(value))
            else { continue }
            stages.append(
                (
                    value,
                    ReferralJourney.Stage(
                        label: row["label"], when: "", by: "", who: movers[value] ?? "", standing: .ahead)
                ))
        }
        let other = detail.summary.side == "SENDER" ? detail.summary.to : detail.summary.from
        let elsewhere = try Row.fetchAll(
            database,
            sql: """
                SELECT s.label, t.relation, t.condition FROM workflow_transition t
                JOIN ru_state s ON s.tbl = t.tbl AND s.col = t.col AND s.value = t.to_value
                WHERE t.tbl = 'referral' AND t.col = 'state' AND t.from_value = ?1 AND t.relation <> ?2
                  AND s.closed IN (0, 4) AND t.to_value <> ?1
                ORDER BY s.closed, s.rank
                """, arguments: [state, detail.summary.side ?? ""]
        ).map { row in
            let relation: String = row["relation"]
            let who = relation == "HUB" ? "The hub" : other ?? "The other side"
            let condition: String = row["condition"]
            return "\(who): \(row["label"] as String)" + (condition.isEmpty ? "" : " (\(condition))")
        }
        let hidden: Set<String> = ["case_id", "from_partner_id", "to_partner_id", "pre_check_ref", "state"]
        let facts = labels.table("referral").columns.filter { !hidden.contains($0.name) }.compactMap { column in
            labels.text(of: column, in: "referral", detail.referral).map {
                CaseSheet.Field(column: column.name, label: column.label, text: $0)
            }
        }
        let topic = labels.table("info_request").columns.first { $0.name == "topic" }
        let isSigned = try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM referral_signed WHERE id = ? AND kind = 'HANDOVER' AND side = ?)",
            arguments: [id.sqlBlob, detail.summary.side ?? ""])
        let asked =
            try Bool.fetchOne(
                database,
                sql:
                    "SELECT EXISTS (SELECT 1 FROM referral_signed WHERE id = ? AND kind = 'RETURN' AND side = 'RECEIVER')",
                arguments: [id.sqlBlob]) ?? false
        let names = RowNames(database, labels)
        return ReferralJourney(
            summary: detail.summary, stages: stages.map(\.stage), steps: detail.openSteps.map(withoutOwn),
            elsewhere: elsewhere, facts: facts,
            questions: detail.questions.map { question in
                ReferralJourney.Question(
                    id: question.id.description,
                    topic: topic.map { labels.coded(question["topic"] ?? "", $0, "info_request") } ?? "",
                    text: question["question"] ?? "", answer: question["answer"] ?? "")
            }, told: detail.packs.map { told($0, labels, codes) },
            maySign: state == "HANDOVER" && detail.summary.side != nil && isSigned != true,
            mayGiveBack: state == "TRANSFERRED" && (detail.summary.side == "RECEIVER" ? !asked : asked),
            homes: try names.options(in: "unit", caseID: id, partner: partner),
            holdsCase: try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)",
                arguments: [Identifier(detail.summary.caseID)?.sqlBlob]) ?? false,
            holds: detail.holds.map { hold in
                let words = labels.table("unit_hold")
                return words.columns.filter { ["from_on", "to_on", "status"].contains($0.name) }.compactMap { column in
                    labels.text(of: column, in: "unit_hold", hold).map { "\(column.label): \($0)" }
                }.joined(separator: ", ")
            })
    }

    /// What the form of a step itself sees to: nobody has to wait for it.
    package static let ownReasons: Set<String> = [
        "no pack was frozen for it, which sending does", "it names no enquiry", "no question is open",
        "no outcome was recorded",
    ]

    private static func withoutOwn(_ step: OpenStep) -> OpenStep {
        OpenStep(
            state: step.state, label: step.label, waitsFor: step.waitsFor.filter { !ownReasons.contains($0) })
    }

    /// What stands against a step until she agrees.
    package static let needsConsent = "she has not consented to share with this receiver, or no longer"

    /// Who may bring a referral to each of its states, by code.
    private static func movers(_ summary: ReferralSummary, in database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT DISTINCT to_value, relation FROM workflow_transition
                WHERE tbl = 'referral' AND col = 'state' ORDER BY to_value, relation = 'HUB', relation
                """)
        return Dictionary(grouping: rows) { $0["to_value"] as String }.mapValues { rows in
            rows.map { row in
                switch row["relation"] as String {
                case "HUB": "the hub"
                case "RECEIVER": summary.to ?? "the receiver"
                default: summary.from ?? "the sender"
                }
            }.joined(separator: " or ")
        }
    }

    /// What a step would tell the receiver, in words, before it is taken; nil where it tells nothing more.
    ///
    /// - Parameter step: as ``take(_:of:_:by:in:now:)`` has it.
    package static func wouldTell(
        _ step: String, of referral: Identifier, by partner: Identifier, in database: Database
    ) throws -> ReferralJourney.Told? {
        let standing = try Standing(referral, by: partner, what: "Previewing the step", in: database)
        // An answer lets the receiver see what it may see where the referral stands.
        let state = step == "under_assessment" ? standing.state : step == signing ? "HANDOVER" : step.uppercased()
        guard standing.relation == "SENDER",
            let tier = try String.fetchOne(
                database, sql: "SELECT tier FROM stage_pack WHERE state = ?", arguments: [state])
        else { return nil }
        let shown = try String.fetchOne(
            database, sql: "SELECT max(tier) FROM referral_pack WHERE referral_id = ?",
            arguments: [standing.id.sqlBlob])
        guard shown.map({ $0 < tier }) ?? true else { return nil }
        let packs = try ReferralPack.parts(for: standing.caseID, tier: tier, receiver: standing.to, in: database)
        let labels = try Labels(database)
        let codes = try Partners.codes(in: database)
        return ReferralJourney.Told(
            tier: tier, frozen: "", isIntact: true,
            sections: packs.flatMap { sections($0.items, labels, codes) })
    }

    /// The state about which the hub is asked before a step is taken.
    package static func goal(
        of step: String, of referral: Identifier, by partner: Identifier, in database: Database
    ) throws -> String {
        switch step {
        case signing: try ReferralStep.goalOfHandover(referral.description, by: partner, in: database)
        case givingBack: "RETURNED"
        default: step.uppercased()
        }
    }

    /// A frozen pack in words.
    private static func told(_ pack: PackSummary, _ labels: Labels, _ codes: [Identifier: String])
        -> ReferralJourney.Told
    {
        ReferralJourney.Told(
            tier: pack.tier, frozen: String(pack.frozenAt.prefix(10)), isIntact: pack.isIntact,
            sections: sections(pack.items, labels, codes))
    }

    private static func sections(
        _ json: String, _ labels: Labels, _ codes: [Identifier: String]
    ) -> [ReferralJourney.Told.Section] {
        let items = try? JSONDecoder().decode(PackItems.self, from: Data(json.utf8))
        return (items?.facts ?? [:]).sorted { $0.key < $1.key }.map { table, rows in
            ReferralJourney.Told.Section(
                label: labels.table(table).label,
                rows: rows.map { row in
                    labels.table(table).columns.compactMap { column in
                        guard let text = row[column.name]?.text, !text.isEmpty else { return nil }
                        if let id = Identifier(text) {
                            return codes[id].map { CaseSheet.Field(column: column.name, label: column.label, text: $0) }
                        }
                        var shown = labels.coded(text, column, table)
                        if column.isYesOrNo { shown = text == "0" ? "No" : "Yes" }
                        if column.name.hasSuffix("_at"), let time = Int64(text) {
                            shown = CivilTime.londonMinute(milliseconds: time)
                        }
                        return CaseSheet.Field(column: column.name, label: column.label, text: shown)
                    }
                })
        }
    }
}

/// What a pack holds, as far as it is shown.
private struct PackItems: Decodable {
    let facts: [String: [[String: Cell]]]

    struct Cell: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else if let number = try? container.decode(Int64.self) {
                text = String(number)
            } else {
                text = nil
            }
        }
    }
}
