import ReUniteSync

extension SimulatedNetwork {
    /// The op as the engine is given it. The position is there once the hub has accepted it.
    func sibling(_ op: Int, position: Position?) -> CellSibling {
        let sent = wire[op]
        let truth = history.ops[op]
        return CellSibling(
            name: sent.name, dot: dot(op), position: position, base: Position(sent.base),
            kept: truth.kept.map { wire[$0].name }, supersedes: truth.named.map { wire[$0].name },
            extras: sent.extras.map(dot), stamp: sent.stamp, values: [.integer(Int64(op))])
    }

    private func dot(_ op: Int) -> Dot {
        Dot(branch: hub.branches[wire[op].batch] ?? -1, sequence: wire[op].sequence)
    }
}

/// A rule that says whether one value replaces another: the engine's, or one with a part left out.
typealias CoversRule = (CellSibling, CellSibling, Lineage) -> Bool

/// Runs networks seed after seed and compares a rule with the true history.
struct OracleRun {
    var decisions = 0
    var arrivals = 0
    var obsolete = 0
    var kept = 0
    var forks = 0
    var releases = 0
    var worlds = 0
    /// The first few disagreements, each with its seed.
    var disagreements: [String] = []
    var disagreementCount = 0

    mutating func run(seed: UInt64, until target: Int, stopAtDisagreement: Bool = false, rule: CoversRule) {
        var next = seed
        while decisions < target && !(stopAtDisagreement && disagreementCount > 0) {
            var network = SimulatedNetwork(seed: next)
            for step in 0..<500 {
                network.step()
                for arrival in network.arrivals { compare(arrival, in: network, step: step, rule: rule) }
            }
            checkQuiescence(network)
            forks += network.hub.forks
            releases += network.releases
            worlds += 1
            next &+= 1
        }
    }

    private mutating func compare(
        _ arrival: SimulatedNetwork.Arrival, in network: SimulatedNetwork, step: Int, rule: CoversRule
    ) {
        let lineage = network.hub.lineage
        let incoming = network.sibling(arrival.op, position: nil)
        arrivals += 1
        if arrival.verdict == .obsolete { obsolete += 1 }
        let standing = arrival.siblings.map { network.sibling($0, position: network.hub.positions[$0]) }
        var survivors: [Int] = []
        var isCovered = false
        for (op, sibling) in zip(arrival.siblings, standing) {
            if network.history.ops[arrival.op].kept.contains(op) { kept += 1 }
            if rule(sibling, incoming, lineage) { isCovered = true }
            if !rule(incoming, sibling, lineage) { survivors.append(op) }
            decisions += 2
        }
        let verdict: TrueVerdict = isCovered ? .obsolete : .joins(survivors: survivors)
        if verdict != arrival.verdict {
            note("seed \(network.seed) step \(step): op \(arrival.op) \(verdict), the truth is \(arrival.verdict)")
        }
        compareHistory(arrival.op, in: network, step: step, rule: rule)
    }

    /// The rule must be right about every accepted value of the cell, not only about those that still stand.
    private mutating func compareHistory(_ op: Int, in network: SimulatedNetwork, step: Int, rule: CoversRule) {
        let incoming = network.sibling(op, position: nil)
        for other in network.hub.accepted[network.history.ops[op].cell].suffix(6) where other != op {
            let earlier = network.sibling(other, position: network.hub.positions[other])
            decisions += 1
            if rule(incoming, earlier, network.hub.lineage) != network.history.ops[op].replaces(other) {
                note("seed \(network.seed) step \(step): op \(op) and the earlier \(other)")
            }
        }
    }

    /// Where no operator released anything, what stands at the hub is what nothing accepted replaces.
    private mutating func checkQuiescence(_ network: SimulatedNetwork) {
        guard network.releases == 0 else { return }
        for cell in 0..<network.cellCount {
            let expected = network.history.maximal(network.hub.accepted[cell])
            if expected.sorted() != network.hub.siblings[cell].sorted() {
                note("seed \(network.seed): the hub's siblings of cell \(cell) are not the maximal ones")
            }
        }
    }

    private mutating func note(_ text: String) {
        disagreementCount += 1
        if disagreements.count < 3 { disagreements.append(text) }
    }
}
