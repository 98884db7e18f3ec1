import ReUniteSync

/// The hub's bookkeeping: positions, branches, what waits and what was set aside.
struct SimulatedHub {
    /// What a device receives: the state of every cell at one position.
    struct Checkpoint {
        let position: Int64
        let siblings: [[Int]]
        let visible: [OpSet]
        /// The batches that have had their verdicts.
        let judged: Set<Int>
    }

    var position: Int64 = 0
    var siblings: [[Int]]
    /// For each cell, every op that was ever accepted.
    var visible: [OpSet]
    var accepted: [[Int]]
    var judged: Set<Int> = []
    var held: [Int] = []
    var quarantine: [Int] = []
    /// When an op became visible; no entry for one that never was.
    var positions: [Int: Position] = [:]
    /// The branch that each judged batch is on.
    var branches: [Int: Int64] = [:]
    /// The last batch of each branch.
    var heads: [Int64: Int] = [:]
    var lineage = Lineage()
    var forks = 0
    var checkpoints: [Checkpoint] = []

    init(cells: Int) {
        siblings = Array(repeating: [], count: cells)
        visible = Array(repeating: OpSet(), count: cells)
        accepted = Array(repeating: [], count: cells)
    }

    /// The present state, as a delivery would hold it.
    func checkpoint() -> Checkpoint {
        Checkpoint(position: position, siblings: siblings, visible: visible, judged: judged)
    }

    /// Puts a batch on a branch: the parent's if the parent is its last batch, else a new one.
    mutating func place(_ index: Int, _ batch: SimulatedBatch) {
        let name = Int64(index) + 1
        guard let parent = batch.parent, let branch = branches[parent] else {
            branches[index] = name
            heads[name] = index
            return
        }
        if heads[branch] == parent {
            branches[index] = branch
            heads[branch] = index
        } else {
            forks += 1
            branches[index] = name
            heads[name] = index
            lineage.add(branch: name, after: Dot(branch: branch, sequence: batch.firstSequence - 1))
        }
    }
}
