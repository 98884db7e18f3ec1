import ReUniteProgramme

/// An enquiry that names nobody.
struct EnquiryView: FramedView {
    var frame: PageFrame
    let heading: String
    let state: String
    let facts: [Fact]
    let isOurs: Bool
    /// The form that answers it; at most one.
    let forms: [FormView]

    init(_ frame: PageFrame, _ summary: EnquirySummary, _ facts: [CaseSheet.Field], _ answer: FormView?) {
        self.frame = frame
        heading = "Enquiry from \(summary.from ?? "another") to \(summary.to ?? "another")"
        state = summary.stateLabel
        self.facts = facts.map { Fact(label: $0.label, text: $0.text) }
        isOurs = summary.side == "SENDER"
        forms = answer.map { [$0] } ?? []
    }
}
