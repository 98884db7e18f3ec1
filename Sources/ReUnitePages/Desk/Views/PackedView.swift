import ReUniteProgramme
import ReUniteSync

/// What would go into a visit bundle, counted, before it is made.
struct PackedView: FramedView {
    var frame: PageFrame
    let facts: [Fact]
    /// Each with the visit's code and why it stays out.
    let leftOut: [Fact]
    let form: FormView
    let back: String

    init(_ bundle: VisitBundle, _ order: PackingOrder, _ frame: PageFrame) {
        self.frame = frame
        let sheet = bundle.sheet
        facts = [
            Fact(label: "What goes in", text: PackedView.counts(sheet)),
            Fact(label: "For", text: bundle.device),
            Fact(label: "Opens in", text: sheet.prisons.map { $0.name ?? $0.code }.joined(separator: ", ")),
            Fact(label: "Until", text: CivilTime.londonMinute(milliseconds: sheet.expiresMs)),
        ]
        leftOut = bundle.packed.leftOut.map { Fact(label: $0.code, text: PackedView.words($0.why)) }
        form = FormView(
            action: "/visits/pack/make", token: frame.formToken, button: "Make the file", fields: order.again,
            cancel: "/visits?on=\(sheet.day)")
        back = "/visits/pack?on=\(sheet.day)"
    }

    static func counts(_ sheet: VisitSheet) -> String {
        func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
        return [
            count(sheet.counts.women, "woman", "women"), count(sheet.counts.visits, "visit", "visits"),
            count(sheet.counts.rows, "record", "records"),
        ].joined(separator: ", ")
    }

    private static func words(_ why: VisitPacking.LeftOut.Reason) -> String {
        switch why {
        case .notInPrison: "It is not in a prison: nothing is carried in"
        case .elsewhere: "She is in another prison now"
        case .notAuthorised: "No authorisation for that laptop in that prison is recorded for the day"
        case .hidden: "Her case, or visits to it, is not shown here"
        }
    }
}
