import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("How long it took")
struct TimeMeasureTests {
    @Test("A quartile is always a value that somebody had")
    func quartiles() {
        #expect(TimeMeasure.quartile(2, of: []) == nil)
        #expect([1, 2, 3].map { TimeMeasure.quartile($0, of: [7]) } == [7, 7, 7])
        #expect([1, 2, 3].map { TimeMeasure.quartile($0, of: [1, 2, 3, 4]) } == [1, 2, 3])
        #expect([1, 2, 3].map { TimeMeasure.quartile($0, of: [0, 10, 20, 30, 90]) } == [10, 20, 30])
    }

    @Test("A day that no calendar has ends no report, and counts for nobody")
    func impossible() throws {
        let network = try Network()
        try homes(network, [10, 20])
        try network.edit { database in
            for (from, to) in [("2026-01-39", "2026-02-11"), ("2026-00-10", "2026-19-01")] {
                let file = try database.add(
                    "case_file",
                    ["owner_partner_id": Network.surrey.sqlBlob, "phase": "HOUSED", "opened_on": "2025-10-01"])
                _ = try database.add("person", ["case_id": file.sqlBlob, "known_as": "W"])
                let child = try database.add("child", ["case_id": file.sqlBlob, "first_name": "C"])
                _ = try database.add(
                    "child_care_episode",
                    [
                        "case_id": file.sqlBlob, "child_id": child.sqlBlob, "legal_status": "C2", "from_on": from,
                        "to_on": to, "end_reason": "E4A",
                    ])
                _ = try database.add(
                    "custody_episode",
                    ["case_id": file.sqlBlob, "release_date": from, "release_type": "CRD_LICENCE"])
                try database.execute(
                    sql: """
                        INSERT INTO occupancy(case_id, unit_id, arrive_on, depart_on, status)
                        VALUES(?, randomblob(16), '2026-02-01', '2027-01-01', 'DEPARTED')
                        """, arguments: [file.sqlBlob])
            }
        }
        for published in [false, true] {
            _ = try network.edit { try OutcomeReport(asAt: "2026-12-31", published: published, in: $0) }
        }
        let days = try network.edit { database in
            try TimeMeasure.all.map { try $0.days(asAt: "2026-12-31", in: database).values.flatMap { $0 }.sorted() }
        }
        #expect(days == [[10, 20], [], []])
    }

    private func homes(_ network: Network, _ days: [Int], from first: Int = 0) throws {
        try network.edit { database in
            for (number, wait) in days.enumerated() {
                let id = try database.add(
                    "case_file",
                    [
                        "ref": "H\(first + number)", "owner_partner_id": Network.surrey.sqlBlob, "phase": "HOUSED",
                        "opened_on": "2025-10-01",
                    ])
                _ = try database.add("person", ["case_id": id.sqlBlob, "known_as": "Woman \(first + number)"])
                for day in ["2025-06-01", "2026-01-10"] {
                    _ = try database.add(
                        "custody_episode", ["case_id": id.sqlBlob, "release_date": day, "release_type": "CRD_LICENCE"])
                }
                _ = try database.add(
                    "custody_episode", ["case_id": id.sqlBlob, "release_date": "2026-01-11", "release_type": "ROTL"])
                try database.execute(
                    sql: """
                        INSERT INTO occupancy(case_id, unit_id, arrive_on, depart_on, status)
                        VALUES(?, randomblob(16), date('2026-01-10', ?), '2027-01-01', 'DEPARTED')
                        """, arguments: [id.sqlBlob, "+\(wait) days"])
            }
        }
    }

    private func line(_ network: Network, published: Bool) throws -> TimeFigure.Line {
        let report = try network.edit { try OutcomeReport(asAt: "2026-09-30", published: published, in: $0) }
        let figure = try #require(report.times.first { $0.measure == "days-to-home" })
        return try #require(figure.lines.last)
    }

    @Test("From the last release before it, temporary ones apart, to the first night at home")
    func home() throws {
        let network = try Network()
        try homes(network, [0, 3, 10, 40, 41])
        let line = try line(network, published: false)
        #expect(line.of == "5" && line.lower == 3 && line.median == 10 && line.upper == 40)
    }

    @Test("Of fewer than ten nothing is published; of more it is rounded to five days")
    func published() throws {
        let few = try Network()
        try homes(few, Array(0..<9))
        #expect(try line(few, published: true).median == nil)
        let many = try Network()
        try homes(many, Array(0..<21))
        let line = try line(many, published: true)
        #expect(line.of == "20" && line.lower == 5 && line.median == 10 && line.upper == 15)
    }

    @Test("Whether times are shown tells no exact count: nine and ten are both shown as ten")
    func bySize() throws {
        var lines: [TimeFigure.Line] = []
        for count in [9, 10] {
            let network = try Network()
            try homes(network, Array(repeating: 20, count: count))
            lines.append(try line(network, published: true))
        }
        #expect(lines[0] == lines[1] && lines[0].of == "10")
    }

    @Test("One woman who is typed late moves no published time")
    func revision() throws {
        let network = try Network()
        try homes(network, Array(repeating: 30, count: 9) + Array(repeating: 20, count: 9))
        func draft() throws -> Publication.Draft {
            try network.edit { try Publication.draft("2026-09-30", reason: "Typed late", in: $0, now: Network.noon) }
        }
        let first = try draft()
        let times = try #require(first.report.times.first { $0.measure == "days-to-home" }?.lines.last)
        #expect(times.of == "20" && times.median == 20)
        try network.edit { try first.insert(into: $0, now: Network.noon) }
        try homes(network, [30], from: 100)
        let refused = try network.failure {
            _ = try Publication.draft("2026-09-30", reason: "Typed late", in: $0, now: Network.noon)
        }
        #expect(refused?.code == .badData, "the revision shows that she came")
    }
}
