import ReUniteProgramme

/// The referrals that are under way.
struct ReferralListView: Sendable {
    struct Line: Sendable {
        let id: String
        let reference: String
        let way: String
        let state: String
        let release: String
        let badge: BadgeView
    }

    let frame: PageFrame
    let arriving: [Line]
    let leaving: [Line]
    let enquiries: [Enquiry]

    struct Enquiry: Sendable {
        let id: String
        let way: String
        let asked: String
        let state: String
        let release: String
        let bedrooms: String
        /// Whether this side is asked and has not answered.
        let waits: Bool
    }

    init(_ frame: PageFrame, _ open: [ReferralSummary], _ enquiries: [EnquirySummary]) {
        self.frame = frame
        self.enquiries = enquiries.map {
            Enquiry(
                id: $0.id, way: $0.side == "SENDER" ? "To \($0.to ?? "another")" : "From \($0.from ?? "another")",
                asked: String($0.askedAt.prefix(10)), state: $0.stateLabel, release: $0.releaseMonth ?? "",
                bedrooms: $0.bedrooms.map(String.init) ?? "", waits: $0.side == "RECEIVER" && $0.state == "ASKED")
        }
        func lines(_ side: String, _ mark: CaseMark) -> [Line] {
            open.filter { $0.side == side }.map {
                Line(
                    id: $0.id, reference: $0.caseRef ?? "Not here yet",
                    way: side == "SENDER" ? "To \($0.to ?? "another")" : "From \($0.from ?? "another")",
                    state: $0.stateLabel,
                    release: $0.releaseDate ?? "", badge: BadgeView(mark))
            }
        }
        arriving = lines("RECEIVER", .arriving)
        leaving = lines("SENDER", .leaving)
    }
}

/// One referral as a way with stations.
struct ReferralView: Sendable {
    struct Stage: Sendable {
        let label: String
        /// When and by whom; at most one.
        let when: [String]
        /// Who may bring it there; at most one.
        let who: [String]
        let isDone: Bool
        let isHere: Bool
    }

    struct Step: Sendable {
        let path: String
        let label: String
        let waits: [String]
        let isReady: Bool
    }

    struct Told: Sendable {
        let heading: String
        let isDamaged: Bool
        let sections: [Section]

        init(_ told: ReferralJourney.Told, heading: String) {
            self.heading = heading
            isDamaged = !told.isIntact
            sections = told.sections.map { section in
                Section(
                    label: section.label,
                    rows: section.rows.map { row in
                        Row(facts: row.map { Fact(label: $0.label, text: $0.text) })
                    })
            }
        }

        struct Section: Sendable {
            let label: String
            let rows: [Row]
        }

        struct Row: Sendable {
            let facts: [Fact]
        }
    }

    let frame: PageFrame
    let heading: String
    let state: String
    let isOpen: Bool
    let stages: [Stage]
    let steps: [Step]
    let elsewhere: [String]
    let facts: [Fact]
    let questions: [Question]
    let holds: [String]
    let told: [Told]
    /// Where the case is; at most one.
    let cases: [String]

    struct Question: Sendable {
        let topic: String
        let text: String
        let answer: String
    }

    init(_ frame: PageFrame, _ journey: ReferralJourney) {
        self.frame = frame
        let summary = journey.summary
        heading = "Referral from \(summary.from ?? "another") to \(summary.to ?? "another")"
        state = summary.stateLabel
        isOpen = summary.isOpen
        stages = journey.stages.map {
            Stage(
                label: $0.label, when: $0.when.isEmpty ? [] : ["\($0.when), by \($0.by)"],
                who: $0.who.isEmpty ? [] : ["By \($0.who)"], isDone: $0.standing == .done,
                isHere: $0.standing == .here)
        }
        let base = "/referral/\(summary.id)/step/"
        var steps = journey.steps.map {
            Step(
                path: base + $0.state.lowercased(), label: $0.label, waits: $0.waitsFor, isReady: $0.waitsFor.isEmpty)
        }
        if journey.maySign {
            steps.append(Step(path: base + ReferralStepForm.sign, label: "Sign the handover", waits: [], isReady: true))
        }
        if journey.mayGiveBack {
            steps.append(
                Step(
                    path: base + ReferralStepForm.giveBack, label: "Agree that she goes back", waits: [], isReady: true)
            )
        }
        self.steps = steps
        elsewhere = journey.elsewhere
        facts = journey.facts.map { Fact(label: $0.label, text: $0.text) }
        questions = journey.questions.map {
            Question(topic: $0.topic, text: $0.text, answer: $0.answer.isEmpty ? "Not answered yet" : $0.answer)
        }
        holds = journey.holds
        told = journey.told.map { Told($0, heading: "Tier \($0.tier), frozen on \($0.frozen)") }
        cases = journey.holdsCase ? ["/case/\(summary.caseID)"] : []
    }
}
