import ReUniteProgramme
import ReUniteSync

/// Records that may be one woman, the strongest first, and what was decided about others.
struct DuplicatesView: FramedView {
    struct Line: Sendable {
        let path: String
        let left: String
        let right: String
        let verdict: String
        let agree: String
    }

    /// So many pairs are shown: a register that came in twice makes thousands.
    static let most = 500

    var frame: PageFrame
    let isEmpty: Bool
    let caption: String
    let lines: [Line]
    /// At most one: who was not compared.
    let crowded: [String]
    let hasDecided: Bool
    let decidedCaption: String
    let decided: [Line]
    let pager: PagerView
    let hasChildren: Bool
    let children: [Fact]
    let hasFractures: Bool
    let fractures: [Fact]
    /// Said where there are more children, or records of two women, than are shown; at most one each.
    let moreChildren: [String]
    let moreFractures: [String]

    /// In the address, the list of what was decided.
    static let decided = "decided"

    init(_ report: DuplicateReport, _ decided: ListPage<DecidedPair>, _ frame: PageFrame) {
        self.frame = frame
        isEmpty = report.candidates.isEmpty
        let all = "\(ConsoleWords.count(report.candidates.count, "pair")) of \(report.women) records"
        caption =
            report.candidates.count > DuplicatesView.most
            ? "The strongest \(DuplicatesView.most) of \(all); the others come up as these are decided"
            : "\(all), the strongest first"
        lines = report.candidates.prefix(DuplicatesView.most).map { candidate in
            Line(
                path: "/pair/\(candidate.sides[0].person)/\(candidate.sides[1].person)",
                left: PairView.reference(candidate.sides[0]), right: PairView.reference(candidate.sides[1]),
                verdict: PairView.verdict(candidate.verdict),
                agree: candidate.evidence.filter { $0.weight > 0 }.map { PairView.words($0) }.joined(separator: ", "))
        }
        crowded = DuplicateReport.words(crowded: report.crowded).map { [$0] } ?? []
        hasDecided = decided.total > 0
        pager = PagerView(decided, of: "pairs", at: "/duplicates", DuplicatesView.decided)
        decidedCaption = "\(ConsoleWords.count(decided.total, "pair")), the last decided first\(pager.words)"
        self.decided = decided.entries.map { pair in
            Line(
                path: "/pair/\(pair.a.person)/\(pair.b.person)", left: PairView.reference(pair.a),
                right: PairView.reference(pair.b),
                verdict: pair.decision == .same ? "One woman" : "Two women", agree: "")
        }
        func more(_ all: Int) -> [String] {
            guard all > Console.most else { return [] }
            return [
                """
                The first \(Console.most) of \(all). Whoever looks after the hub's machine can list all: reunite-sync \
                hub person candidates
                """
            ]
        }
        moreChildren = more(report.children.count)
        moreFractures = more(report.fractures.count)
        hasChildren = !report.children.isEmpty
        children = report.children.prefix(Console.most).map {
            Fact(
                label: $0.caseReference ?? ConsoleWords.short($0.caseID.description),
                text: "two children may be one: the same "
                    + $0.agree.map { PairView.field($0) }.joined(separator: " and "))
        }
        hasFractures = !report.fractures.isEmpty
        fractures = report.fractures.prefix(Console.most).map {
            Fact(label: PairView.reference($0.side), text: "two different numbers of the type \($0.type)")
        }
    }
}

/// Two records, side by side.
struct PairView: FramedView {
    struct Side: Sendable {
        let heading: String
        let facts: [Fact]
    }

    struct Row: Sendable {
        let field: String
        let how: String
        let speaks: String
    }

    var frame: PageFrame
    let standing: String
    let sides: [Side]
    let hasEvidence: Bool
    let evidence: [Row]
    let names: NamesView
    let forms: [FormView]
    /// The cases' ids, for the audit log.
    let scopes: [String]

    init(
        _ candidate: Candidate?, _ decided: DecidedPair?, showsNames: Bool, _ sent: FormBody,
        _ problems: [FormProblem], _ frame: PageFrame
    ) {
        self.frame = frame
        let both = candidate?.sides ?? decided.map { [$0.a, $0.b] } ?? []
        scopes = both.map(\.caseID.description)
        let path = "/pair/" + both.map(\.person.description).joined(separator: "/")
        standing =
            decided.map {
                $0.decision == .same ? "It was decided that they are one." : "It was decided that they are two."
            }
            ?? candidate.map { PairView.verdict($0.verdict) + "." } ?? ""
        sides = both.enumerated().map { index, side in
            var facts = [
                Fact(label: "Case", text: PairView.reference(side)),
                Fact(label: "Organisation", text: side.partner ?? "none"),
            ]
            if showsNames {
                facts.append(Fact(label: "Name", text: side.name.isEmpty ? "not recorded" : side.name))
            }
            return Side(heading: index == 0 ? "One record" : "The other", facts: facts)
        }
        evidence = (candidate?.evidence ?? []).map {
            Row(
                field: PairView.field($0.field), how: $0.how,
                speaks: $0.weight > 0 ? "for one woman" : "for two women")
        }
        hasEvidence = !evidence.isEmpty
        names = NamesView(action: path + "/names", token: frame.formToken, isAsked: showsNames, facts: [])
        let reason = FieldView(
            "reason", "What was compared", .text, value: sent["reason"], help: "At least 10 characters, no names.",
            isRequired: true, problems: problems)
        let options =
            decided == nil
            ? [
                FieldView.Option(value: "same", label: "One woman"),
                FieldView.Option(value: "different", label: "Two women: do not suggest them again"),
            ] : [FieldView.Option(value: "unlink", label: "Take that decision back")]
        var fields = [
            FieldView(
                "choice", "What are they?", .radios(options), value: sent["choice"], isRequired: true,
                problems: problems)
        ]
        if decided == nil {
            fields.append(
                FieldView(
                    "verified", "Was it checked with an agency, or on a document?",
                    .radios([
                        FieldView.Option(value: "no", label: "No"), FieldView.Option(value: "yes", label: "Yes"),
                    ]), value: sent.has("verified") ? sent["verified"] : "no", isRequired: true, problems: problems))
        }
        forms = [
            FormView(
                action: path, token: frame.formToken, button: "Record it", fields: fields + [reason],
                typed: sent, problems: problems, cancel: "/duplicates")
        ]
    }

    static func reference(_ side: Candidate.Side) -> String {
        side.caseReference ?? "no reference, \(ConsoleWords.short(side.caseID.description))"
    }

    static func verdict(_ verdict: Candidate.Verdict) -> String {
        verdict == .shouldJoin ? "Very likely one woman" : "Worth a look"
    }

    static func words(_ evidence: Evidence) -> String { "\(field(evidence.field)) (\(evidence.how))" }

    static func field(_ name: String) -> String { name.replacing("_", with: " ") }
}
