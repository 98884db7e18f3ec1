import ReUniteSync

/// What people did, as somebody who stood behind each of them would tell it: no clocks, no positions, only who wrote
/// what, and what stood in the field before.
final class TrueHistory {
    struct Writing {
        let device: String
        let cell: Cell
        let values: [Value]
    }

    /// A value of a reviewed cell by the values that its author saw and replaced: one for an ordinary edit, several
    /// for a decision.
    private(set) var replaced: [Cell: [[Value]: Set<[Value]>]] = [:]
    /// Decisions that were taken back before anything else was written.
    private(set) var undone: [Cell: Set<[Value]>] = [:]
    private(set) var writings: [Writing] = []
    /// Rows that a device deleted, with the number of writings before.
    private(set) var deletions: [(device: String, key: Identifier, after: Int)] = []
    /// Words in rows of cases, by the partner that alone may ever have seen them; taken off once the case is referred.
    var secrets: [Identifier: (owner: Identifier, word: String)] = [:]
    /// Words in rows of cases, by the device that opened the case; taken off once a caseload names the case.
    var laptopSecrets: [Identifier: (device: Identifier, word: String)] = [:]
    private(set) var notes: [String: [Identifier]] = [:]

    func wrote(_ values: [Value], over seen: [Value]?, in cell: Cell, on device: String) {
        writings.append(Writing(device: device, cell: cell, values: values))
        if let seen, replaced[cell]?[values] == nil { replaced[cell, default: [:]][values] = [seen] }
    }

    /// Somebody at the hub looked at these values and decided.
    func decided(_ values: [Value], over seen: Set<[Value]>, in cell: Cell) {
        replaced[cell, default: [:]][values] = seen
    }

    /// A decision was taken back: it has replaced nothing. Where it stood alone, nobody wrote it.
    func tookBack(_ values: [Value], in cell: Cell, isGone: Bool) {
        replaced[cell, default: [:]][values] = []
        if isGone { undone[cell, default: []].insert(values) }
    }

    func deleted(_ key: Identifier, on device: String) {
        deletions.append((device, key, writings.count))
    }

    func noted(_ key: Identifier, on device: String) {
        notes[device, default: []].append(key)
    }

    /// The values among these that no other replaced, directly or through values in between.
    func maximal(_ values: Set<[Value]>, in cell: Cell) -> Set<[Value]> {
        var standing = values
        for value in values { standing.subtract(seen(by: value, in: cell)) }
        return standing
    }

    /// Whether two of these values were written without knowledge of each other.
    func hasConcurrentPair(_ values: Set<[Value]>, in cell: Cell) -> Bool {
        let all = Array(values)
        let pasts = all.map { seen(by: $0, in: cell) }
        for left in all.indices {
            for right in all.indices where left < right {
                if !pasts[left].contains(all[right]) && !pasts[right].contains(all[left]) { return true }
            }
        }
        return false
    }

    /// Everything that a value's author had seen in the cell, itself left out.
    private func seen(by value: [Value], in cell: Cell) -> Set<[Value]> {
        let links = replaced[cell] ?? [:]
        var past = Set<[Value]>()
        var next = Array(links[value] ?? [])
        while let one = next.popLast() {
            guard one != value, past.insert(one).inserted else { continue }
            next += links[one] ?? []
        }
        return past
    }
}
