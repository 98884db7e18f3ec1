import ReUniteSync

/// One copy of a device's database. A value, so that a backup, an image or a clone is a plain copy of it.
struct SimulatedDevice {
    enum Edit {
        case ordinary
        /// A person looked at the open values and decided on those that the mask picks.
        case resolve(mask: UInt64)
    }

    /// The last batch on its chain; nil before the first.
    var head: Int?
    var nextSequence: UInt64 = 1
    /// The checkpoint that it has applied.
    var applied: Int64 = 0
    /// For each cell, every op behind what the database holds.
    var seen: [OpSet]
    /// For each cell, the ops that stand side by side here.
    var siblings: [[Int]]
    /// Sealed batches without a verdict, in chain order.
    var outbox: [Int] = []
    /// Those of which a byte has left the device, as far as it knows.
    var shipped: Set<Int> = []
    /// Ops that another device handed over before the hub had them.
    var handedOver: [Int] = []
    /// What the user changed since the last seal.
    var unsealed: [(cell: Int, edit: Edit)] = []
    /// How far its clock is ahead, in milliseconds.
    var clockError: Int64

    init(cells: Int, clockError: Int64) {
        seen = Array(repeating: OpSet(), count: cells)
        siblings = Array(repeating: [], count: cells)
        self.clockError = clockError
    }
}

/// An op's wire form: what the engine is given to judge by.
struct SimulatedOp {
    let name: OpID
    let batch: Int
    let sequence: UInt64
    /// The op's own base if it has one, else its batch's.
    let base: Int64
    /// Ops of other chains that were seen before the hub had them.
    let extras: [Int]
    let stamp: HybridTime
}

struct SimulatedBatch {
    let parent: Int?
    let firstSequence: UInt64
    let base: Int64
    var ops: [Int]
}
