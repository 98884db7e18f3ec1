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
        #expect(svg.contains("width=\"247\" height=\"16\""), "65 % of 380")
        #expect(svg.contains(">c of c<") && svg.contains("<title id=\"chart-title\">Figures as at 2026-09-30</title>"))
        #expect(svg.contains("SRY: 65 % (13 of 20); DBY: not shown (c of c)"))
        #expect(svg.contains("role=\"img\"") && svg.contains("aria-labelledby"))
    }

    @Test("A planted script stays text")
    func planted() {
        let svg = FigureChart.svg(report("</text><script>alert('x')</script>\u{1}"))
        #expect(!svg.contains("<script") && svg.contains("&lt;script&gt;alert(&#39;x&#39;)") && !svg.contains("\u{1}"))
        for word in ["href", "onload", "style=", "@import", "url("] { #expect(!svg.contains(word), "\(word)") }
    }
}
