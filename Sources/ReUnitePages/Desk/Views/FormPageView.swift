/// A page that is one form.
struct FormPageView: FramedView {
    struct Back: Sendable {
        let path: String
        let text: String
    }

    var frame: PageFrame
    let heading: String
    /// At most one each.
    let intros: [String]
    let backs: [Back]
    let facts: [Fact]
    let summaries: [[FormView.Problem]]
    let form: FormView
    /// What cannot be taken back, on a page of its own.
    var graves: [Back] = []
    /// What the form's step would tell; at most one.
    var told: [ReferralView.Told] = []
    /// Where the hub is asked what it would move; at most one.
    var asks: [Ask] = []

    struct Ask: Sendable {
        let path: String
        let token: String
    }

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
