import ReUniteProgramme

/// The referrals that are under way, and those that ended.
struct ReferralListView: FramedView {
    struct Line: Sendable {
        let id: String
        let called: String
        let reference: String
        let way: String
        let state: String
        let release: String

        init(_ summary: ReferralSummary) {
            id = summary.id
            called = summary.called ?? "Not told yet"
            reference = summary.caseRef ?? "Not here yet"
            way = summary.side == "SENDER" ? "To \(summary.to ?? "another")" : "From \(summary.from ?? "another")"
            state = summary.stateLabel
            release = summary.releaseDate ?? ""
        }
    }

    var frame: PageFrame
    let arriving: [Line]
    let leaving: [Line]
    let ended: [Line]
    let isCut: Bool
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

    init(_ frame: PageFrame, _ open: [ReferralSummary], _ ended: [ReferralSummary], _ enquiries: [EnquirySummary]) {
        self.frame = frame
        self.enquiries = enquiries.map {
            Enquiry(
                id: $0.id, way: $0.side == "SENDER" ? "To \($0.to ?? "another")" : "From \($0.from ?? "another")",
                asked: String($0.askedAt.prefix(10)), state: $0.stateLabel, release: $0.releaseMonth ?? "",
                bedrooms: $0.bedrooms.map(String.init) ?? "", waits: $0.side == "RECEIVER" && $0.state == "ASKED")
        }
        arriving = open.filter { $0.side == "RECEIVER" }.map(Line.init)
        leaving = open.filter { $0.side == "SENDER" }.map(Line.init)
        self.ended = ended.map(Line.init)
        isCut = ended.count == Referrals.mostEnded
    }
}

/// One referral as a way with stations.
struct ReferralView: FramedView {
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
        struct Wait: Sendable {
            let text: String
            /// Where it is settled; at most one.
            let links: [PageFrame.Link]
        }

        let path: String
        let label: String
        let waits: [Wait]
        let isReady: Bool
    }

    struct Told: Sendable {
        let heading: String
        let isDamaged: Bool
        /// Whether it stands open.
        let isOpen: Bool
        let sections: [Section]

        init(_ told: ReferralJourney.Told, isOpen: Bool = false) {
            let day = told.frozen.isEmpty ? "" : " (as sent on \(told.frozen))"
            heading = (Told.headings[told.tier] ?? "What was told") + day
            self.isOpen = isOpen
            isDamaged = !told.isIntact
            sections = told.sections.map { section in
                Section(
                    label: section.label,
                    rows: section.rows.map { row in
                        Row(facts: row.map { Fact(label: $0.label, text: $0.text) })
                    })
            }
        }

        private static let headings = [
            "T2": "Who she is, and why she comes", "T3": "What matters for her assessment",
            "T4": "Her whole case, at the handover",
        ]

        struct Section: Sendable {
            let label: String
            let rows: [Row]
        }

        struct Row: Sendable {
            let facts: [Fact]
        }
    }

    var frame: PageFrame
    let heading: String
    /// Who she is, where it is known here.
    let about: String
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
        about = [summary.called, summary.caseRef].compactMap(\.self).joined(separator: ", ")
        state = summary.stateLabel
        isOpen = summary.isOpen
        stages = journey.stages.map {
            Stage(
                label: $0.label, when: $0.when.isEmpty ? [] : ["\($0.when), by \($0.by)"],
                who: $0.who.isEmpty ? [] : ["By \($0.who)"], isDone: $0.standing == .done,
                isHere: $0.standing == .here)
        }
        let base = "/referral/\(summary.id)/step/"
        var steps = journey.steps.map { step in
            Step(
                path: base + step.state.lowercased(),
                label: ReferralStepForm.title(
                    of: step.state.lowercased(), label: step.label, isSender: summary.side == "SENDER"),
                waits: step.waitsFor.map {
                    let consents = $0 == Referrals.needsConsent && journey.holdsCase
                    let way = PageFrame.Link(path: "/case/\(summary.caseID)/consent", text: "Record her consent")
                    return Step.Wait(text: $0, links: consents ? [way] : [])
                }, isReady: step.waitsFor.isEmpty)
        }
        for (step, isOpen) in [
            (ReferralStepForm.sign, journey.maySign), (ReferralStepForm.giveBack, journey.mayGiveBack),
        ] where isOpen {
            let label = ReferralStepForm.title(of: step, label: "", isSender: summary.side == "SENDER")
            steps.append(Step(path: base + step, label: label, waits: [], isReady: true))
        }
        self.steps = steps
        elsewhere = journey.elsewhere
        facts = journey.facts.map { Fact(label: $0.label, text: $0.text) }
        questions = journey.questions.map {
            Question(topic: $0.topic, text: $0.text, answer: $0.answer.isEmpty ? "Not answered yet" : $0.answer)
        }
        holds = journey.holds
        told = journey.told.map { Told($0, isOpen: !journey.holdsCase && $0.tier == journey.told.first?.tier) }
        cases = journey.holdsCase ? ["/case/\(summary.caseID)"] : []
    }
}
