import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// Figures fit to be published, and what is shared without consent now.
struct ReportsView: FramedView {
    struct Figure: Sendable {
        let label: String
        let definition: String
        let lines: [Line]
        /// Who let a small number out, and why; and what that means for the others.
        let notes: [String]
    }

    struct Line: Sendable {
        let area: String
        let yes: String
        let of: String
        let percent: String
        let unknown: String
    }

    struct Override: Sendable {
        let reference: String
        let owner: String
        let partner: String
        let basis: String
        let until: String
    }

    var frame: PageFrame
    let asAt: String
    let figures: [Figure]
    let hasOverrides: Bool
    let overrideCaption: String
    let overrides: [Override]
    let pager: PagerView
    /// What was looked for and not found, and why; at most one problem.
    let typed: String
    let summaries: [[FormView.Problem]]

    init(
        _ report: OutcomeReport, _ overrides: ListPage<OverrideInForce>, _ frame: PageFrame, typed: String = "",
        problem: String? = nil
    ) {
        self.frame = frame
        self.typed = typed
        summaries = problem.map { [[FormView.Problem(anchor: "field-case", text: $0)]] } ?? []
        asAt = report.asAt
        figures = report.figures.map { figure in
            Figure(
                label: figure.label, definition: figure.definition,
                lines: figure.lines.map {
                    Line(
                        area: $0.area ?? "All", yes: $0.yes, of: $0.of, percent: $0.share,
                        unknown: $0.unknown)
                },
                notes: (figure.legend.map { [$0] } ?? [])
                    + (figure.hidesNothing == true ? [OutcomeReport.nothingHidden] : [])
                    + (figure.waivers ?? []).map(\.text))
        }
        hasOverrides = overrides.total > 0
        pager = PagerView(overrides, of: "cases", at: "/reports")
        overrideCaption =
            "\(ConsoleWords.count(overrides.total, "case")), the one that ends first before all others\(pager.words)"
        self.overrides = overrides.entries.map {
            Override(
                reference: $0.caseName, owner: $0.owner ?? "", partner: $0.partner ?? "", basis: $0.basis,
                until: $0.countsUntil)
        }
    }
}

/// Who was shown what of a case, and when.
struct DisclosuresView: FramedView {
    struct Line: Sendable {
        let when: String
        let partner: String
        let device: String
        let why: String
        let what: String
    }

    var frame: PageFrame
    let reference: String
    let isEmpty: Bool
    let isIntact: Bool
    let lines: [Line]

    /// - Parameter plain: says a sentence without codes.
    init(_ reference: String, _ disclosures: [Disclosure], _ frame: PageFrame, plain: (String) -> String) {
        self.frame = frame
        self.reference = reference
        isEmpty = disclosures.isEmpty
        isIntact = disclosures.allSatisfy { $0.isIntact ?? true }
        lines = disclosures.map { line in
            let tables = Dictionary(grouping: line.rows ?? [], by: \.table.label)
            return Line(
                when: ConsoleWords.moment(line.atMilliseconds), partner: "\(line.organisation) (\(line.partner))",
                device: line.deviceName, why: plain(line.why.isEmpty ? line.relations : line.why),
                what: line.rows == nil
                    ? "erased"
                    : tables.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.count))" }
                        .joined(separator: ", "))
        }
    }
}

/// The newest entries of the audit log.
struct LogView: FramedView {
    struct Line: Sendable {
        let index: String
        let when: String
        let kind: String
        let who: String
        let what: String
    }

    var frame: PageFrame
    let caption: String
    let lines: [Line]
    let pager: PagerView

    /// - Parameters:
    ///   - entries: the newest first.
    ///   - frame: of a title.
    init(
        _ entries: ListPage<AuditEntry>, _ operators: [Hub.Operator], _ frame: (String) throws -> PageFrame
    ) rethrows {
        pager = PagerView(entries, of: "entries", at: "/log")
        self.frame = try frame(pager.titled("Log"))
        caption = "\(ConsoleWords.count(entries.total, "entry", "entries")), the newest first\(pager.words)"
        let names = Dictionary(operators.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        lines = entries.entries.map { entry in
            let record = entry.record
            let who = (record?.id(.actor) ?? record?.id(.subject)).flatMap { names[$0] }
            var facts: [String] = []
            for case .word(_, let word) in record?.facts ?? [] { facts.append(word) }
            if let scope = record?.id(.scope) { facts.append("scope \(ConsoleWords.short(scope.description))") }
            if record == nil, entry.kind != nil { facts.append("erased") }
            return Line(
                index: String(entry.index), when: ConsoleWords.moment(entry.atMilliseconds),
                kind: entry.kind.map { LogView.said($0.word) } ?? "Of a newer program", who: who ?? "",
                what: facts.joined(separator: ", "))
        }
    }

    /// `grant-opened` as people say it.
    static func said(_ word: String) -> String {
        let words = word.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
