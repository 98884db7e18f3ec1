import Testing

/// The actions of the model of scope at random on the real engine. A failure names the invariant, the seed and the
/// command that runs it again.
@Suite("Grants that move at random leave nothing behind, lose nothing and bring nothing back")
struct ScopeModelTests {
    static let isReplay = RandomWorlds.environment["REUNITE_SEED"] != nil
    static let seeds = RandomWorlds.seeds(60)
    static let steps = RandomWorlds.steps(90)

    @Test("A replica holds what its grants allow at its position, and every edit is accounted for", arguments: seeds)
    func scope(seed: UInt64) throws {
        let world = try ScopeWorld(seed: seed)
        do {
            try world.run(steps: Self.steps)
            #expect(world.complaints.isEmpty, "\(world.report())")
        } catch {
            Issue.record("\(error)\n\(world.report())")
        }
        if let met = Self.tally.add(world.met, of: Self.seeds.count) {
            Self.show(met)
            if Self.seeds.count >= 80 { Self.expectCoverage(met) }
        }
    }

    @Test("A seed decides everything: the same one gives the same run", arguments: [2, 5] as [UInt64])
    func determinism(seed: UInt64) throws {
        let traces = try (0..<2).map { _ in
            let world = try ScopeWorld(seed: seed)
            try world.run(steps: Self.steps)
            return world.trace
        }
        let difference = zip(traces[0], traces[1]).first { $0 != $1 }
        #expect(traces[0] == traces[1], "\(String(describing: difference)); REUNITE_SEED=\(seed)")
    }

    // MARK: The engine with something left out

    /// Each mutant with the invariants that may notice it.
    private static let mutants: [(ScopeMutant, Set<Character>)] = [
        (.noSeal, ["c"]), (.torn, ["d"]), (.dropRejected, ["c"]), (.noSweep, ["a", "e"]),
        (.walKept, ["a"]),
        (.epochIgnored, ["f"]),
    ]

    @Test("An engine that leaves one part of the rule out does not pass", arguments: mutants)
    func mutant(mutant: ScopeMutant, invariants: Set<Character>) throws {
        let limit = UInt64(40)
        for seed in 1...limit {
            let world = try ScopeWorld(seed: seed, mutant: mutant)
            try world.run(steps: Self.steps)
            // Each complaint begins with the letter of what it says is broken.
            let caught = world.complaints.first { $0.dropFirst().first.map(invariants.contains) ?? false }
            guard let caught else { continue }
            print("\(mutant) was caught by world \(seed): \(caught)")
            return
        }
        Issue.record("\(mutant) was not noticed in \(limit) worlds")
    }

    // MARK: What many worlds must have met

    private static func expectCoverage(_ met: [String: Int]) {
        for action in ScopeAction.all {
            #expect(met[action.rawValue, default: 0] >= 25, "\(action.rawValue) was hardly done")
        }
        // Which pairs are the rarest differs from build to build; a few of them may be missing in so few worlds.
        let pairs = ScopeAction.all.flatMap { action in ScopeAction.all.map { "\(action.rawValue) > \($0.rawValue)" } }
        let unmet = pairs.filter { met[$0, default: 0] == 0 }
        #expect(unmet.count * 20 <= pairs.count, "the worlds prove nothing about \(unmet.joined(separator: ", "))")
        let others = [
            "check", "files searched", "scope left", "scope entered", "edit returned", "stale answer", "old request",
            "doubled request", "edits accepted", "edits obsolete", "edits quarantined", "refused: late",
            "refused: not-in-scope", "refused: mask", "row in doubt", "stranger", "consent ran out",
        ]
        for event in others { #expect(met[event, default: 0] > 0, "no world met: \(event)") }
    }

    private static let tally = RandomWorlds.Tally()

    private static func show(_ met: [String: Int]) {
        let single = met.filter { !$0.key.contains(" > ") }.sorted { $0.key < $1.key }
        let pairs = met.filter { $0.key.contains(" > ") }
        let possible = ScopeAction.all.count * ScopeAction.all.count
        print("\(seeds.count) worlds of folders: \(single.map { "\($0.key): \($0.value)" }.joined(separator: ", "))")
        print(
            "\(pairs.count) of \(possible) pairs of actions, the rarest "
                + "\(pairs.count == possible ? pairs.values.min() ?? 0 : 0) times")
    }
}
