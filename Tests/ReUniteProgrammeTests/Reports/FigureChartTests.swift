import Testing

@testable import ReUniteProgramme

@Suite("Charts are pictures and nothing else")
struct FigureChartTests {
    private func report(_ label: String) -> OutcomeReport {
        OutcomeReport(
            asAt: "2026-09-30", isPublished: true,
            figures: [
                .init(
                    measure: "ete", label: label, definition: "women who moved on",
                    lines: [
                        .init(area: "SRY", yes: "13", no: "7", of: "20", unknown: "0", percent: "65 %"),
                        .init(area: "DBY", yes: "c", no: "c", of: "c", unknown: "0", percent: nil),
                    ], benchmarks: [])
            ])
    }

    @Test("A bar for what is shown, a sign for what is hidden, words for who does not see it")
    func drawn() {
        let svg = FigureChart.svg(report("Work"))
        #expect(svg.contains("width=\"188\" height=\"16\""), "65 % of 290")
        #expect(svg.contains(">c of c<") && svg.contains("<title id=\"chart-title\">Figures as at 2026-09-30</title>"))
        #expect(svg.contains("SRY: 65 % (13 of 20); DBY: not shown (c of c)"))
        #expect(svg.contains("role=\"img\"") && svg.contains("aria-labelledby"))
    }

    @Test("The picture is a group, so that the single charts are read out; what nothing hides is not said to be hidden")
    func readOut() {
        let svg = FigureChart.svg(report("Work"))
        let outer = svg.prefix { $0 != ">" }
        #expect(outer.contains("role=\"group\"") && !outer.contains("role=\"img\""))
        #expect(svg.contains("<g role=\"img\"") && svg.contains("c: not shown"))
        let exact = OutcomeReport(
            asAt: "2026-09-30", isPublished: false,
            figures: [
                .init(
                    measure: "ete", label: "Work", definition: "x",
                    lines: [.init(area: "SRY", yes: "13", no: "7", of: "20", unknown: "0", percent: "65 %")],
                    benchmarks: [])
            ])
        #expect(!FigureChart.svg(exact).contains("c: not shown"))
    }

    @Test("A long label is broken between words, and none begins left of the picture")
    func longLabels() {
        let label = "Local authority provided accommodation for the family"
        #expect(FigureChart.rows(label) == ["Local authority provided", "accommodation for the family"])
        #expect(FigureChart.rows("Risk or needs cannot be managed") == ["Risk or needs cannot be managed"])
        for row in FigureChart.rows(label) { #expect(row.count <= FigureChart.lettersLeft) }
    }

    @Test("A planted script stays text")
    func planted() {
        let svg = FigureChart.svg(report("</text><script>alert('x')</script>\u{1}"))
        #expect(!svg.contains("<script") && svg.contains("&lt;script&gt;alert(&#39;x&#39;)") && !svg.contains("\u{1}"))
        for word in ["href", "onload", "style=", "@import", "url("] { #expect(!svg.contains(word), "\(word)") }
    }
}
