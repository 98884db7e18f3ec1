import ReUniteSync

// What arrives at the hub.
extension SimulatedNetwork {
    /// A stick or a late request arrives. Some leave a copy behind that arrives again.
    mutating func deliverTravelling() {
        guard !travelling.isEmpty else { return }
        let place = random.below(travelling.count)
        let batch = travelling[place]
        if random.chance(80) { travelling.remove(at: place) }
        receive(batch)
    }

    /// What has to be at the hub before a batch can be judged: its parent, and what its ops name.
    private func missing(for batch: Int) -> [Int] {
        let named = batches[batch].ops.flatMap { wire[$0].extras }.map { wire[$0].batch }
        return ((batches[batch].parent.map { [$0] } ?? []) + named).filter { $0 != batch && !hub.judged.contains($0) }
    }

    mutating func receive(_ batch: Int) {
        guard !hub.judged.contains(batch), !hub.held.contains(batch) else { return }
        hub.held.append(batch)
        while let ready = hub.held.first(where: { missing(for: $0).isEmpty }) {
            hub.held.removeAll { $0 == ready }
            judge(batch: ready)
        }
        // The sender forwards what its batches need.
        for needed in hub.held.flatMap({ missing(for: $0) }) where !travelling.contains(needed) {
            travelling.append(needed)
        }
    }

    private mutating func judge(batch: Int) {
        hub.place(batch, batches[batch])
        hub.judged.insert(batch)
        for op in batches[batch].ops {
            // Ops that other devices build on before their verdict are left alone: what an operator's release does
            // to those is excepted from the promise.
            if random.chance(6) && isReview(history.ops[op].cell) {
                hub.position += 1
                hub.quarantine.append(op)
            } else {
                decide(op)
            }
        }
        hub.position += Int64(random.below(3))
    }

    /// An operator lets an op go that had been set aside; it becomes visible now.
    mutating func release() {
        guard !hub.quarantine.isEmpty else { return }
        releases += 1
        decide(hub.quarantine.remove(at: random.below(hub.quarantine.count)))
    }

    private mutating func decide(_ op: Int) {
        hub.position += 1
        let cell = history.ops[op].cell
        let siblings = hub.siblings[cell]
        let verdict = history.judge(op, among: siblings)
        arrivals.append(Arrival(op: op, siblings: siblings, verdict: verdict))
        guard case .joins(let survivors) = verdict else { return }
        hub.positions[op] = Position(hub.position)
        hub.siblings[cell] = survivors + [op]
        hub.visible[cell].insert(op)
        hub.accepted[cell].append(op)
    }
}
