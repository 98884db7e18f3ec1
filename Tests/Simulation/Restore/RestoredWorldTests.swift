import Testing

/// The random worlds once more, with a hub whose machine is lost and replaced by a backup, again and again.
@Suite("Random worlds in which the hub is restored from old backups come to rest with nothing lost")
struct RestoredWorldTests {
    static let seeds = RandomWorlds.seeds(8)
    private static let tally = RandomWorlds.Tally()

    @Test("Whoever comes back brings back what the hub had forgotten", arguments: seeds)
    func convergence(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        simulation.loseHubs()
        do {
            try simulation.run(steps: RandomWorlds.steps(80))
            let complaints = simulation.complaints + (try Audit(simulation).complaints())
            #expect(complaints.isEmpty, "\(SimulationTests.report(simulation, complaints, by: "RestoredWorldTests"))")
        } catch {
            Issue.record(
                "\(error)\n\(SimulationTests.report(simulation, simulation.complaints, by: "RestoredWorldTests"))")
        }
        guard let met = Self.tally.add(simulation.met, of: Self.seeds.count), Self.seeds.count > 1 else { return }
        print("\(Self.seeds.count) restored worlds met", met.sorted { $0.key < $1.key })
        for what in ["backup", "hub restored", "hub opened", "batch recalled", "outbox freed"] {
            #expect(met[what, default: 0] > 0, "no world met '\(what)': they prove nothing about it")
        }
    }
}
