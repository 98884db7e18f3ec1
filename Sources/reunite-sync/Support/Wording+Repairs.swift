import ReUniteReplica

extension Wording {
    /// What was put right, and where; nil where nothing was.
    static func repairs(_ repairs: [Repair]) -> String? {
        var counts: [String: Int] = [:]
        var order: [String] = []
        for repair in repairs {
            let name = name(of: repair)
            if counts[name] == nil { order.append(name) }
            counts[name, default: 0] += 1
        }
        guard !order.isEmpty else { return nil }
        return order.map { name in
            let times = counts[name] ?? 1
            return times == 1 ? name : "\(name) (\(times) times)"
        }.joined(separator: ", ")
    }

    private static func name(of repair: Repair) -> String {
        switch repair.what {
        case .triggers: "triggers of \(repair.table)"
        case .unlogged: "rows of \(repair.table) that no trigger saw"
        case .drifted: "values in \(repair.table)"
        case .stale: "old rows of \(repair.table)"
        case .missing: "missing rows of \(repair.table)"
        case .digest: "the sum of all versions"
        }
    }

    /// That rows are gone, and which command brings them back.
    static func missing(_ rows: Int, bringBack command: String) -> String {
        """
        \(count(rows, "row is gone", "rows are gone")) from the tables without a mark. They are at the hub still; \
        'reunite-sync \(command)' brings them back.
        """
    }
}
