import ReUniteProgramme

/// The visits of the day in this prison.
struct InsideListView: FramedView {
    struct Line: Sendable {
        let id: String
        let when: String
        let woman: String
        let code: String
        let ref: String
        let recorded: String
    }

    var frame: PageFrame
    let token: String
    let lines: [Line]
    let isEmpty: Bool
    let facts: [Fact]

    init(_ frame: PageFrame, _ words: InsideWords) {
        self.frame = frame
        token = frame.formToken
        lines = words.visits.map {
            Line(id: $0.id, when: $0.when, woman: $0.woman, code: $0.code, ref: $0.ref, recorded: $0.recorded)
        }
        isEmpty = lines.isEmpty
        facts = words.authorisation.map { Fact(label: $0.label, text: $0.text) }
    }
}

/// One visit and its woman.
struct InsideVisitView: FramedView {
    var frame: PageFrame
    let token: String
    let id: String
    let heading: String
    let subheading: String
    let warnings: [String]
    let facts: [Fact]
    let children: [String]
    let needs: [String]
    /// Whether her case is here, so that what is typed is written at once.
    let mayWrite: Bool
    /// At most one.
    let recorded: [String]

    init(_ frame: PageFrame, _ visit: InsideWords.Woman) {
        self.frame = frame
        token = frame.formToken
        id = visit.id
        heading = visit.name
        subheading = visit.line
        warnings = visit.warnings
        facts = visit.facts.map { Fact(label: $0.label, text: $0.text) }
        children = visit.children
        needs = visit.needs
        mayWrite = visit.mayWrite
        recorded = visit.recorded.isEmpty ? [] : [visit.recorded]
    }
}
