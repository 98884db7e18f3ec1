import ReUniteSync

/// Which pairs are worth comparing: those that share an identifier, a day of birth (day and month in either order), or
/// a last name and a first name. All others score below every threshold.
struct Blocking {
    /// Pairs of places, the lesser first, each once.
    private(set) var pairs: Set<Pair> = []
    /// How many days of birth, or names, so many women share that they say nothing alone.
    private(set) var crowded = 0

    struct Pair: Hashable {
        let left: Int32
        let right: Int32
    }

    /// A date that stands for "not known" gathers thousands.
    static let mostInBlock = 400

    init(_ women: [WomanRecord]) {
        var blocks: [String: [Int32]] = [:]
        for (place, woman) in women.enumerated() {
            for key in Set(Blocking.keys(of: woman)) { blocks[key, default: []].append(Int32(place)) }
        }
        for block in blocks.values where block.count > 1 {
            guard block.count <= Blocking.mostInBlock else {
                crowded += 1
                continue
            }
            for (number, left) in block.enumerated() {
                for right in block.dropFirst(number + 1) { pairs.insert(Pair(left: left, right: right)) }
            }
        }
    }

    private static func keys(of woman: WomanRecord) -> [String] {
        var keys: [String] = []
        for (type, values) in woman.identifiers {
            keys += values.map { "number \(type.rawValue) \($0)" }
        }
        let roots = woman.firstRoots.reduce(into: Set<String>()) { $0.formUnion($1) }
        if let date = woman.birthDate {
            keys.append("born \(date.blockingKey)")
            // These are small even where the date alone is crowded.
            keys += roots.map { "born \(date.blockingKey) \($0)" }
        }
        for last in woman.lastNames {
            for part in last.parts + [last.joined] {
                keys += roots.map { "name \(part) \($0)" }
            }
        }
        return keys
    }
}
