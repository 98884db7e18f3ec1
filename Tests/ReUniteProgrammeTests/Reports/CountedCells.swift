import GRDB

@testable import ReUniteProgramme

/// What all tables count at the ends of some quarters, nothing hidden: to hold ``TableRelations`` against.
struct CountedCells {
    struct Key: Hashable {
        let table: String
        let column: PublishedTables.Column
    }

    /// By quarter, then by table and column, then by line, everybody being nil.
    private(set) var quarters: [[Key: [String?: Int]]] = []

    /// - Parameter days: ends of quarters that follow each other.
    init(_ days: [String], in database: Database) throws {
        for day in days {
            let report = try OutcomeReport(asAt: day, published: false, in: database)
            var cells: [Key: [String?: Int]] = [:]
            func add(_ table: String, _ column: PublishedTables.Column, _ line: String?, _ count: Int) {
                cells[Key(table: table, column: column), default: [:]][line] = count
            }
            let published = Set(Measure.all.map(\.id))
            for figure in report.figures where published.contains(figure.measure) {
                for line in figure.lines {
                    let known = Int(line.of) ?? -1
                    add(figure.measure, .yes, line.area, Int(line.yes) ?? -1)
                    add(figure.measure, .no, line.area, Int(line.no) ?? -1)
                    add(figure.measure, .of, line.area, known)
                    add(figure.measure, .all, line.area, known + (Int(line.unknown) ?? -1))
                }
            }
            for figure in report.times {
                for line in figure.lines { add(figure.measure, .yes, line.area, Int(line.of) ?? -1) }
            }
            for line in report.declined?.lines ?? [] { add(DeclineReasons.id, .yes, line.reason, Int(line.of) ?? -1) }
            quarters.append(cells)
        }
    }

    /// How often a relation could be tried on these rows, and where it was not so.
    func tried(_ relation: TableRelations.Relation, areas: Bool) -> (times: Int, wrong: [String]) {
        let part = Key(table: relation.part.table, column: relation.part.column)
        let whole = Key(table: relation.whole.table, column: relation.whole.column)
        var (times, wrong) = (0, [String]())
        for first in quarters.indices {
            for second in quarters.indices where second >= first + relation.quarters {
                let isThen = relation.isSame && second == first + relation.quarters
                let isReason = part.table == DeclineReasons.id && whole != part
                let (few, many) = (quarters[first][part] ?? [:], quarters[second][whole] ?? [:])
                for line in Set(few.keys).union(many.keys) where line == nil || areas && !isReason {
                    let counts = (few[line] ?? 0, many[line] ?? 0)
                    guard max(counts.0, counts.1) > 0 else { continue }
                    times += 1
                    if isThen ? counts.0 != counts.1 : counts.0 > counts.1 {
                        wrong.append(
                            "\(part) \(counts.0), \(whole) \(counts.1), \(line ?? "all"), \(first) and \(second)")
                    }
                }
            }
        }
        return (times, wrong)
    }
}
