import GRDB
import ReUniteProgramme
import Testing

@testable import ReUnitePages

@Suite("The picture of referrals")
struct FlowPictureTests {
    /// A flow of what one area refers to others.
    private func flow(_ ways: [(from: String, to: String, count: Int)]) throws -> ReferralFlow {
        let database = try DatabaseQueue()
        return try database.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE area(id INTEGER PRIMARY KEY, code TEXT, name TEXT);
                    CREATE TABLE partner(id INTEGER PRIMARY KEY, area TEXT);
                    CREATE TABLE workflow_state(tbl TEXT, col TEXT, value TEXT, closed INTEGER);
                    CREATE TABLE referral(from_area TEXT, to_area TEXT, state TEXT, from_partner_id, to_partner_id);
                    INSERT INTO workflow_state VALUES ('referral', 'state', 'SENT', 0);
                    """)
            for way in ways {
                for _ in 0..<way.count {
                    try database.execute(
                        sql: "INSERT INTO referral VALUES(?, ?, 'SENT', NULL, NULL)", arguments: [way.from, way.to])
                }
            }
            return try ReferralFlow(in: database)
        }
    }

    /// Where a band touches one side: from its upper edge to its lower one.
    private func edges(_ band: FlowPicture.Band, at place: Int) throws -> ClosedRange<Double> {
        let numbers = band.path.split { !($0.isNumber || $0 == ".") }.compactMap { Double($0) }
        let (middle, half) = (numbers[place], try #require(Double(band.width)) / 2)
        return (middle - half)...(middle + half)
    }

    @Test("The bands of one area lie side by side, in the order of the areas across, and inside the picture")
    func sideBySide() throws {
        let picture = FlowPicture(
            try flow([
                ("A", "X", 30), ("A", "Y", 10), ("A", "Z", 5), ("B", "X", 20), ("B", "Z", 1), ("C", "X", 3),
                ("C", "Y", 1), ("D", "X", 1), ("E", "X", 1), ("F", "X", 1), ("G", "X", 1), ("H", "X", 1),
            ]))
        #expect(picture.bands.count == 12)
        let height = try #require(Double(picture.height))
        // The numbers of a path: where it begins is the second, where it ends the last.
        for place in [1, 7] {
            let all = try picture.bands.map { try edges($0, at: place) }.sorted { $0.lowerBound < $1.lowerBound }
            #expect(try #require(all.first).lowerBound >= 0 && (try #require(all.last)).upperBound <= height)
            for (above, below) in zip(all, all.dropFirst()) {
                #expect(above.upperBound <= below.lowerBound + 0.2, "at \(place): \(above) and \(below)")
            }
        }
        func start(_ tip: String) throws -> Double {
            try edges(try #require(picture.bands.first { $0.tip.hasPrefix(tip) }), at: 1).lowerBound
        }
        #expect(try start("A to X") < start("A to Y") && start("A to Y") < start("A to Z"))
    }

    @Test("One way has its band at the middles of its areas, and none at all is an empty picture")
    func few() throws {
        let one = FlowPicture(try flow([("A", "B", 4)]))
        let band = try #require(one.bands.first)
        let middle = try #require(Double(one.height)) / 2
        for place in [1, 7] {
            let edges = try edges(band, at: place)
            #expect(abs((edges.lowerBound + edges.upperBound) / 2 - middle) < 0.1)
        }
        #expect(try FlowPicture(flow([])).bands.isEmpty)
    }
}
