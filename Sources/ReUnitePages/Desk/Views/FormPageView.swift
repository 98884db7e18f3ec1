/// A page that is one form.
struct FormPageView: Sendable {
    struct Back: Sendable {
        let path: String
        let text: String
    }

    let frame: PageFrame
    let heading: String
    /// At most one each.
    let intros: [String]
    let backs: [Back]
    let facts: [Fact]
    let summaries: [[FormView.Problem]]
    let form: FormView

    init(
        _ frame: PageFrame, heading: String, intro: String = "", back: (path: String, text: String), facts: [Fact] = [],
        form: FormView
    ) {
        self.frame = frame
        self.heading = heading
        intros = intro.isEmpty ? [] : [intro]
        backs = [Back(path: back.path, text: back.text)]
        self.facts = facts
        summaries = form.summaries
        self.form = form
    }
}
