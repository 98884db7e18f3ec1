import ReUniteSync

/// Devices, sticks and a hub, driven by one seed, that keep the true history of what everybody saw.
///
/// The even cells are `review` cells and the odd ones `lww`. Every judgement that the hub has to make is handed to
/// `onArrival` together with what the true history says; the world then goes on by the truth.
struct SimulatedNetwork {
    struct Arrival {
        let op: Int
        let siblings: [Int]
        let verdict: TrueVerdict
    }

    let seed: UInt64
    let cellCount = 4
    var random: SeededGenerator
    var history = TrueHistory()
    var wire: [SimulatedOp] = []
    var batches: [SimulatedBatch] = []
    var devices: [SimulatedDevice] = []
    var backups: [SimulatedDevice] = []
    /// Batches on sticks and half-sent requests; the same one may be there more than once.
    var travelling: [Int] = []
    var hub: SimulatedHub
    var now: Int64 = 1_700_000_000_000
    var releases = 0
    var arrivals: [Arrival] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        hub = SimulatedHub(cells: cellCount)
        for _ in 0..<(3 + random.below(3)) {
            let wild = random.chance(20)
            let error = wild ? Int64(random.below(4_000_000_000)) - 2_000_000_000 : Int64(random.below(60_000)) - 30_000
            devices.append(SimulatedDevice(cells: cellCount, clockError: error))
        }
    }

    func isReview(_ cell: Int) -> Bool { cell % 2 == 0 }

    /// Does one random thing. What the hub had to judge while it was done is in `arrivals`.
    mutating func step() {
        arrivals.removeAll(keepingCapacity: true)
        now += Int64(random.below(50_000))
        let device = random.below(devices.count)
        switch random.below(100) {
        case 0..<34: edit(device)
        case 34..<50: seal(device)
        case 50..<64: ship(device)
        case 64..<76: deliverTravelling()
        case 76..<88: pull(device)
        case 88..<91: handOver(from: device)
        case 91..<93: reseal(device)
        case 93..<95: backUp(device)
        case 95..<96: restore(device)
        case 96..<98: release()
        default: hub.checkpoints.append(hub.checkpoint())
        }
        if hub.checkpoints.count > 6 { hub.checkpoints.removeFirst() }
    }

    private mutating func edit(_ device: Int) {
        let cell = random.below(cellCount)
        let resolves = isReview(cell) && devices[device].siblings[cell].count > 1 && random.chance(30)
        let mask = random.chance(60) ? UInt64.max : random.next()
        devices[device].unsealed.removeAll { $0.cell == cell }
        devices[device].unsealed.append((cell, resolves ? .resolve(mask: mask) : .ordinary))
    }

    private mutating func backUp(_ device: Int) {
        backups.append(devices[device])
        if backups.count > 4 { backups.removeFirst() }
    }

    /// Puts an image back over a device, or starts a second machine from it.
    private mutating func restore(_ device: Int) {
        guard !backups.isEmpty else { return }
        let image = backups[random.below(backups.count)]
        if devices.count < 7 && random.chance(40) { devices.append(image) } else { devices[device] = image }
    }
}

// What a device does.
extension SimulatedNetwork {
    /// Makes a batch of what was edited. Always done before anything is applied.
    mutating func seal(_ index: Int) {
        var device = devices[index]
        let unsealed = device.unsealed
        guard !unsealed.isEmpty else { return }
        let batch = batches.count
        let short = Identifier(high: random.next(), low: random.next())
        batches.append(
            SimulatedBatch(
                parent: device.head, firstSequence: device.nextSequence, base: device.applied, ops: []))
        for (place, edit) in unsealed.enumerated() {
            let name = OpID(batch: short, index: UInt32(place))
            write(edit.edit, cell: edit.cell, name: name, batch: batch, device: &device)
        }
        device.unsealed = []
        device.head = batch
        device.outbox.append(batch)
        devices[index] = device
    }

    private mutating func write(
        _ edit: SimulatedDevice.Edit, cell: Int, name: OpID, batch: Int, device: inout SimulatedDevice
    ) {
        let siblings = device.siblings[cell]
        let own = device.outbox.flatMap { batches[$0].ops }
        var replaced: [Int]
        var named: [Int] = []
        switch edit {
        case .ordinary where isReview(cell):
            replaced = shown(siblings, own: own).map { [$0] } ?? []
        case .ordinary:
            replaced = siblings
        case .resolve(let mask):
            replaced = siblings.enumerated().filter { mask & (1 << UInt64($0.offset)) != 0 }.map(\.element)
            named = replaced
        }
        let kept = siblings.filter { !replaced.contains($0) }
        var base = device.applied
        var extras: [Int] = []
        for op in replaced where (hub.positions[op]?.rawValue ?? .max) > device.applied {
            base = max(base, wire[op].base)
            extras += wire[op].extras
            if !own.contains(op) { extras.append(op) }
        }
        let op = history.append(TrueOp(cell: cell, seen: device.seen[cell], kept: kept, named: named))
        wire.append(
            SimulatedOp(
                name: name, batch: batch, sequence: device.nextSequence, base: base,
                extras: Array(Set(extras)).sorted(), stamp: HybridTime(milliseconds: now + device.clockError)))
        batches[batch].ops.append(op)
        device.nextSequence += 1
        device.seen[cell].insert(op)
        device.siblings[cell] = kept + [op]
    }

    /// What the user has in front of them: their own pending value, else the latest.
    private func shown(_ siblings: [Int], own: [Int]) -> Int? {
        siblings.last(where: own.contains)
            ?? siblings.max { (wire[$0].stamp, wire[$0].name) < (wire[$1].stamp, wire[$1].name) }
    }

    mutating func ship(_ index: Int) {
        let direct = random.chance(60)
        let outbox = devices[index].outbox
        let count = random.chance(80) ? outbox.count : random.below(outbox.count + 1)
        for batch in outbox.prefix(count) {
            devices[index].shipped.insert(batch)
            if direct { receive(batch) } else { travelling.append(batch) }
        }
    }

    /// Applies a checkpoint: mostly the present one, sometimes one that was long on its way.
    mutating func pull(_ index: Int) {
        seal(index)
        let late = hub.checkpoints.filter { $0.position > devices[index].applied }
        let checkpoint = !late.isEmpty && random.chance(30) ? late[random.below(late.count)] : hub.checkpoint()
        apply(checkpoint, to: index)
    }

    func pending(_ device: SimulatedDevice, cell: Int) -> [Int] {
        device.outbox.flatMap { batches[$0].ops }.filter { history.ops[$0].cell == cell }
    }

    private mutating func apply(_ checkpoint: SimulatedHub.Checkpoint, to index: Int) {
        var device = devices[index]
        device.applied = checkpoint.position
        device.outbox.removeAll(where: checkpoint.judged.contains)
        device.handedOver.removeAll { checkpoint.judged.contains(wire[$0].batch) }
        for cell in 0..<cellCount {
            device.seen[cell].formUnion(checkpoint.visible[cell])
            let canonical = checkpoint.siblings[cell]
            let waiting = pending(device, cell: cell) + device.handedOver.filter { history.ops[$0].cell == cell }
            device.siblings[cell] = history.maximal(canonical + waiting.filter { !canonical.contains($0) })
        }
        devices[index] = device
    }

    /// One device hands its unacknowledged edits of one `lww` cell to another, without the hub.
    mutating func handOver(from index: Int) {
        seal(index)
        let target = random.below(devices.count)
        let cell = random.below(cellCount) | 1
        guard target != index else { return }
        seal(target)
        let gift = pending(devices[index], cell: cell).filter { !devices[target].handedOver.contains($0) }
        let own = pending(devices[target], cell: cell)
        for op in gift where !own.contains(op) && (hub.positions[op]?.rawValue ?? .max) > devices[target].applied {
            for batch in devices[index].outbox.prefix(
                through: devices[index].outbox.firstIndex(of: wire[op].batch) ?? 0)
            {
                devices[index].shipped.insert(batch)
            }
            devices[target].handedOver.append(op)
            devices[target].seen[cell].formUnion(history.ops[op].seen)
            devices[target].seen[cell].insert(op)
            let all = devices[target].siblings[cell] + [op]
            devices[target].siblings[cell] = history.maximal(all)
        }
    }

    /// Seals the batches that no byte has left of again as one, each op with the context it had.
    mutating func reseal(_ index: Int) {
        var device = devices[index]
        let tail = Array(device.outbox.drop { device.shipped.contains($0) })
        guard let first = tail.first, tail.allSatisfy({ !device.shipped.contains($0) }), device.unsealed.isEmpty else {
            return
        }
        let old = tail.flatMap { batches[$0].ops }
        let surviving = history.maximal(old)
        let batch = batches.count
        let short = Identifier(high: random.next(), low: random.next())
        var sequence = batches[first].firstSequence
        batches.append(
            SimulatedBatch(parent: batches[first].parent, firstSequence: sequence, base: device.applied, ops: []))
        var renamed: [Int: Int] = [:]
        for op in surviving {
            let before = history.ops[op]
            var seen = before.seen
            // A copy of the database may still send the old form of an edit. Only a person who named it has decided
            // about it; for all others the old form is another edit, and at worst asks a question too many.
            for other in old where seen.contains(other) && !before.named.contains(other) {
                seen.remove(other)
                if let new = renamed[other] { seen.insert(new) }
            }
            let kept = before.kept.compactMap { old.contains($0) ? renamed[$0] : $0 }
            let new = history.append(TrueOp(cell: before.cell, seen: seen, kept: kept, named: before.named))
            wire.append(
                SimulatedOp(
                    name: OpID(batch: short, index: UInt32(batches[batch].ops.count)), batch: batch,
                    sequence: sequence, base: wire[op].base, extras: wire[op].extras, stamp: wire[op].stamp))
            renamed[op] = new
            batches[batch].ops.append(new)
            sequence += 1
        }
        for cell in 0..<cellCount {
            for op in old where device.seen[cell].contains(op) {
                device.seen[cell].remove(op)
                if let new = renamed[op] { device.seen[cell].insert(new) }
            }
            device.siblings[cell] = device.siblings[cell].compactMap { old.contains($0) ? renamed[$0] : $0 }
        }
        device.outbox.removeLast(tail.count)
        device.outbox.append(batch)
        device.head = batch
        device.nextSequence = sequence
        devices[index] = device
    }
}
