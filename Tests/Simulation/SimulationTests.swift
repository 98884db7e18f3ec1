import Testing

/// Random worlds. A failure names the invariant, the seed and the command that runs it again.
@Suite("Random worlds with faults come to rest with nothing lost")
struct SimulationTests {
    static let seeds = RandomWorlds.seeds(20)
    private static let steps = RandomWorlds.steps(60)

    @Test("Replicas converge on their scopes, and every edit is accounted for", arguments: seeds)
    func convergence(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        do {
            try simulation.run(steps: Self.steps)
            let complaints =
                simulation.complaints + (try Audit(simulation).complaints()) + (try simulation.logComplaints())
            #expect(complaints.isEmpty, "\(Self.report(simulation, complaints))")
        } catch {
            Issue.record("\(error)\n\(Self.report(simulation, simulation.complaints))")
        }
        if let met = Self.tally.add(simulation.met, of: Self.seeds.count) {
            let sums = met.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            print("\(Self.seeds.count) worlds met \(sums.joined(separator: ", "))")
            guard Self.seeds.count >= 100 else { return }
            for trouble in Self.expected {
                #expect(met[trouble, default: 0] > 0, "no world met \(trouble): they prove nothing about it")
            }
        }
    }

    @Test("A seed decides everything: the same one gives the same run", arguments: [3, 6] as [UInt64])
    func determinism(seed: UInt64) throws {
        let traces = try (0..<2).map { _ in
            let simulation = try Simulation(seed: seed)
            try simulation.run(steps: Self.steps)
            return simulation.trace
        }
        let difference = zip(traces[0], traces[1]).first { $0 != $1 }
        #expect(traces[0] == traces[1], "\(String(describing: difference)); REUNITE_SEED=\(seed)")
    }

    // MARK: What many worlds must have met

    private static let expected =
        CrashPoint.allCases.map { "crash \($0.rawValue)" } + [
            "edit", "decision", "hub restart", "clock 1970", "clock 2038", "replay", "delayed request", "stick judged",
            "stick duplicate", "stick held", "restore", "put back", "clone", "suspension", "retirement", "tampering",
            "applied twice", "taken back", "release", "refusal", "caseload",
        ]

    private static let tally = RandomWorlds.Tally()

    static func report(
        _ simulation: Simulation, _ complaints: [String], by suite: String = "SimulationTests"
    ) -> String {
        let length = RandomWorlds.environment["REUNITE_STEPS"].map { "REUNITE_STEPS=\($0) " } ?? ""
        let command = "\(length)REUNITE_SEED=\(simulation.seed) swift test --filter \(suite)"
        let trace =
            RandomWorlds.environment["REUNITE_SEED"] == nil ? "" : "\n" + simulation.trace.joined(separator: "\n")
        return "\nSeed \(simulation.seed):\n" + complaints.joined(separator: "\n") + "\nTo run it again: " + command
            + trace
    }
}
