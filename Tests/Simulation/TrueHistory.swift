import ReUniteSync

/// What people did, as somebody who stood behind each of them would tell it: no clocks, no positions, only who wrote
/// what, and what stood in the field before.
final class TrueHistory {
    struct Writing {
        let device: String
        let cell: Cell
        let values: [Value]
    }

    /// A value of a reviewed cell by the value that its author saw and replaced.
    private(set) var replaced: [Cell: [[Value]: [Value]]] = [:]
    private(set) var writings: [Writing] = []
    /// Rows that a device deleted, with the number of writings before.
    private(set) var deletions: [(device: String, key: Identifier, after: Int)] = []
    /// Words in rows of cases, by the partner that alone may ever have seen them; taken off once the case is referred.
    var secrets: [Identifier: (owner: Identifier, word: String)] = [:]
    private(set) var notes: [String: [Identifier]] = [:]

    func wrote(_ values: [Value], over seen: [Value]?, in cell: Cell, on device: String) {
        writings.append(Writing(device: device, cell: cell, values: values))
        if let seen, replaced[cell]?[values] == nil { replaced[cell, default: [:]][values] = seen }
    }

    func deleted(_ key: Identifier, on device: String) {
        deletions.append((device, key, writings.count))
    }

    func noted(_ key: Identifier, on device: String) {
        notes[device, default: []].append(key)
    }

    /// The values among these that no other replaced, directly or through values in between.
    func maximal(_ values: Set<[Value]>, in cell: Cell) -> Set<[Value]> {
        var covered = Set<[Value]>()
        let links = replaced[cell] ?? [:]
        for value in values {
            var steps = Set<[Value]>()
            var next = links[value]
            while let seen = next, steps.insert(seen).inserted {
                if seen != value { covered.insert(seen) }
                next = links[seen]
            }
        }
        return values.subtracting(covered)
    }
}
