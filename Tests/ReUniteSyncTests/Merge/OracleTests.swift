import Foundation
import ReUniteSync
import Testing

/// Decisions a run; `REUNITE_ORACLE_DECISIONS` raises it for a long run.
private let decisionTarget =
    ProcessInfo.processInfo.environment["REUNITE_ORACLE_DECISIONS"].flatMap { Int($0) } ?? 2_000_000
private let firstSeed = ProcessInfo.processInfo.environment["REUNITE_ORACLE_SEED"].flatMap { UInt64($0) } ?? 1

@Suite("Merge against the true history")
struct OracleTests {
    @Test("The hub finds exactly what the true history says was seen")
    func verdictsAreTrue() {
        var run = OracleRun()
        let started = ContinuousClock.now
        run.run(seed: firstSeed, until: decisionTarget) { $0.covers($1, lineage: $2) }
        print(
            "oracle: \(run.decisions) decisions, \(run.arrivals) arrivals, \(run.obsolete) obsolete, \(run.kept) kept,",
            "\(run.forks) forks, \(run.releases) releases, \(run.worlds) worlds, \(ContinuousClock.now - started)")
        #expect(run.disagreementCount == 0, "\(run.disagreements)")
        // A run that never met the hard cases would prove nothing.
        #expect(run.obsolete > 0 && run.kept > 0 && run.forks > 0 && run.releases > 0)
    }

    @Test("Joining keeps exactly the values that nothing replaced")
    func joinsAreTrue() {
        for seed in UInt64(7_000)..<7_020 {
            var network = SimulatedNetwork(seed: seed)
            for step in 0..<400 {
                network.step()
                for arrival in network.arrivals {
                    let standing = arrival.siblings.map { network.sibling($0, position: network.hub.positions[$0]) }
                    let incoming = network.sibling(arrival.op, position: nil)
                    let expected: CellJoin =
                        switch arrival.verdict {
                        case .obsolete: .obsolete
                        case .joins(let survivors):
                            .joined(
                                survivors.map { network.sibling($0, position: network.hub.positions[$0]) }
                                    + [incoming])
                        }
                    #expect(
                        join(standing, with: incoming, lineage: network.hub.lineage) == expected,
                        "seed \(seed) step \(step)")
                }
            }
        }
    }

    @Test("Two edits of a review cell that did not see each other always ask a person")
    func concurrentReviewEditsAsk() {
        var pairs = 0
        for seed in UInt64(8_000)..<8_020 {
            var network = SimulatedNetwork(seed: seed)
            for step in 0..<400 {
                network.step()
                for arrival in network.arrivals where network.isReview(network.history.ops[arrival.op].cell) {
                    guard case .joins(let survivors) = arrival.verdict, !survivors.isEmpty else { continue }
                    pairs += 1
                    let standing = arrival.siblings.map { network.sibling($0, position: network.hub.positions[$0]) }
                    let incoming = network.sibling(arrival.op, position: nil)
                    guard case .joined(let after) = join(standing, with: incoming, lineage: network.hub.lineage) else {
                        Issue.record("seed \(seed) step \(step): an edit was dropped")
                        continue
                    }
                    #expect(Review().needsPerson(after), "seed \(seed) step \(step)")
                    closes(after, incoming, network: network, seed: seed, step: step)
                }
            }
        }
        #expect(pairs > 100)
    }

    /// A resolution that names all closes a conflict; one that names all but one does not.
    private func closes(
        _ open: [CellSibling], _ incoming: CellSibling, network: SimulatedNetwork, seed: UInt64, step: Int
    ) {
        let operatorDot = Dot(branch: 1_000_000, sequence: 1)
        let at = Position(network.hub.position)
        var resolution = CellSibling(
            name: OpID(batch: Identifier(high: 0, low: 1), index: 0), dot: operatorDot, position: nil, base: at,
            supersedes: open.map(\.name), stamp: .zero, values: [.null])
        #expect(
            join(open, with: resolution, lineage: network.hub.lineage) == .joined([resolution]),
            "seed \(seed) step \(step)")
        resolution.supersedes.removeLast()
        resolution.kept = [incoming.name]
        var visible = open
        visible[open.count - 1].position = at
        #expect(
            join(visible, with: resolution, lineage: network.hub.lineage)
                == .joined([visible[open.count - 1], resolution]),
            "seed \(seed) step \(step)")
    }
}

/// The rule with one part left out each. The oracle must catch every one, or it proves nothing about the rule.
@Suite("The oracle catches broken rules")
struct OracleMutantTests {
    @Test(
        "Leaving out any part of the rule is caught", arguments: ["kept", "names", "chain", "base", "fork", "extras"])
    func mutantDies(part: String) {
        var run = OracleRun()
        run.run(seed: 1, until: 400_000, stopAtDisagreement: true) { later, earlier, lineage in
            covers(later, earlier, lineage: lineage, without: part)
        }
        print("mutant without \(part): caught after \(run.decisions) decisions")
        #expect(run.disagreementCount > 0)
    }

    @Test("The same copy with nothing left out is not caught")
    func wholeCopyLives() {
        var run = OracleRun()
        run.run(seed: 1, until: 60_000) { covers($0, $1, lineage: $2, without: "") }
        #expect(run.disagreementCount == 0, "\(run.disagreements)")
    }

    private func covers(
        _ later: CellSibling, _ earlier: CellSibling, lineage: Lineage, without part: String
    ) -> Bool {
        if part != "kept" && later.kept.contains(earlier.name) { return false }
        if part != "names" && later.supersedes.contains(earlier.name) { return true }
        let branches = part == "fork" ? Lineage() : lineage
        if part != "chain" && branches.precedes(earlier.dot, later.dot) { return true }
        if part != "base", let position = earlier.position, position <= later.base { return true }
        return part != "extras" && later.extras.contains { $0 == earlier.dot || branches.precedes(earlier.dot, $0) }
    }
}
