import Foundation
import Testing

@testable import ReUniteProgramme

@Suite("What is not a number has a sign, and the sign its meaning under the table")
struct FigureSignsTests {
    private func line(_ yes: String, _ no: String, _ of: String, _ percent: String?, area: String? = "SRY")
        -> OutcomeReport.Line
    {
        OutcomeReport.Line(area: area, yes: yes, no: no, of: of, unknown: "0", percent: percent)
    }

    @Test("z where there is nobody, k where it rounds to zero, of fewer than ten it is withheld, else c")
    func signs() {
        #expect(line("0", "0", "0", nil).share == "z")
        #expect(line("5", "1095", "1100", OutcomeReport.percent(5, of: 1_100)).share == "k")
        #expect(line("0", "20", "20", OutcomeReport.percent(0, of: 20)).share == "0 %")
        #expect(
            line("5", "0", "5", nil).share == "5 of 5 withheld" && line("c", "c", "5", nil).share == "c of 5 withheld")
        #expect(line("c", "c", "35", nil).share == "c" && line("c", "c", "c", nil).share == "c")
        #expect(
            line("c", "35", "35", "under 3 %").share == "under 3 %" && line("13", "7", "20", "65 %").share == "65 %")
        let days = TimeFigure.Line(area: nil, of: "0", lower: nil, median: nil, upper: nil)
        #expect(days.shares == ["z", "z", "z"])
        #expect(TimeFigure.Line(area: nil, of: "10", lower: nil, median: nil, upper: nil).shares == ["c", "c", "c"])
        #expect(TimeFigure.Line(area: nil, of: "15", lower: 5, median: 10, upper: 20).shares == ["5", "10", "20"])
    }

    @Test("Few of many are a bound; of one in five or more \"under\" would read as if less were better")
    func bounds() {
        #expect(OutcomeReport.percent(4, of: 5) == "80 %" && OutcomeReport.percent(4, of: 7) == "57 %")
        #expect(OutcomeReport.percent(1, of: 35) == "under 3 %" && OutcomeReport.percent(3, of: 20) == "under 16 %")
        #expect(OutcomeReport.percent(4, of: 20) == "20 %" && OutcomeReport.percent(4, of: 21) == "under 20 %")
    }

    private func report(_ lines: [OutcomeReport.Line]) -> OutcomeReport {
        OutcomeReport(
            asAt: "2026-09-30", isPublished: true,
            figures: [.init(measure: "ete", label: "Work", definition: "x", lines: lines, benchmarks: [])],
            times: [
                TimeFigure(
                    measure: "days-to-home", label: "Days", definition: "y",
                    lines: [
                        .init(area: "SRY", of: "15", lower: 10, median: 20, upper: 40),
                        .init(area: "DBY", of: "c", lower: nil, median: nil, upper: nil),
                        .init(area: nil, of: "20", lower: 10, median: 25, upper: 40),
                    ])
            ])
    }

    @Test("Tables, CSV and pictures say them, with what they mean; nobody is told of a sign that is not there")
    func shown() {
        let plain = report([line("13", "7", "20", "65 %")])
        #expect(plain.figures[0].legend == nil && !FigureChart.svg(plain).contains("nobody to count"))
        let signs = report([line("0", "0", "0", nil), line("5", "0", "5", nil), line("c", "c", "c", nil, area: nil)])
        #expect(
            signs.figures[0].legend
                == "c: small, or would give one away; z: nobody to count; withheld: of fewer than ten")
        let csv = signs.csv.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(csv.dropFirst().map { $0[6] } == ["z", "5 of 5 withheld", "c"], "\(signs.csv)")
        let svg = FigureChart.svg(signs)
        #expect(svg.contains(">z<") && svg.contains(">5 of 5 withheld<") && svg.contains("z: nobody to count"))
        #expect(signs.timesCSV.contains("DBY,c,c,c,c"))
    }

    @Test("Times are drawn: from quartile to quartile, a line at the median, a sign where nothing is shown")
    func times() {
        let svg = FigureChart.svg(report([]))
        // 290 wide for 40 days, from the left edge of 300.
        #expect(svg.contains("<rect x=\"372\" y=") && svg.contains("width=\"218\" height=\"16\""))
        #expect(svg.contains(">20 (10 to 40), of 15<") && svg.contains(">25 (10 to 40), of 20<"))
        #expect(svg.contains(">c, of c<") && svg.contains("SRY: median 20 days, quartiles 10 and 40 (of 15)"))
        #expect(
            svg.contains("<title id=\"m-days-to-home-t\">Days</title>") && svg.contains("Median (quartiles), in days"))
    }

    @Test("In JSON the line of all areas has an area, which is null; what is read back is the same")
    func json() throws {
        let report = report([line("c", "c", "c", nil, area: nil)])
        let data = try JSONEncoder().encode(report)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let figure = try #require((object["figures"] as? [[String: Any]])?.first)
        let line = try #require((figure["lines"] as? [[String: Any]])?.first)
        #expect(line["area"] is NSNull && line["share"] as? String == "c" && line["percent"] == nil)
        let time = try #require((object["times"] as? [[String: Any]])?.first)
        #expect((time["lines"] as? [[String: Any]])?.last?["area"] is NSNull)
        let back = try JSONDecoder().decode(OutcomeReport.self, from: data)
        #expect(back.figures[0].lines == report.figures[0].lines && back.times[0].lines == report.times[0].lines)
    }
}
