import Testing

/// The random worlds once more, with bundle files going back and forth beside the network.
@Suite("Random worlds in which files travel too come to rest with nothing lost")
struct FileWorldTests {
    static let seeds = RandomWorlds.seeds(6)
    private static let tally = RandomWorlds.Tally()

    @Test("Replicas converge whatever carried their edits, and every edit is accounted for", arguments: seeds)
    func convergence(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        simulation.files = FileCarrier()
        do {
            try simulation.run(steps: RandomWorlds.steps(90))
            let complaints =
                simulation.complaints + (try Audit(simulation).complaints()) + (try simulation.logComplaints())
            #expect(complaints.isEmpty, "\(SimulationTests.report(simulation, complaints, by: "FileWorldTests"))")
        } catch {
            Issue.record("\(error)\n\(SimulationTests.report(simulation, simulation.complaints, by: "FileWorldTests"))")
        }
        guard let met = Self.tally.add(simulation.met, of: Self.seeds.count), Self.seeds.count > 1 else { return }
        print("\(Self.seeds.count) worlds met", met.filter { $0.key.hasPrefix("file") }.sorted { $0.key < $1.key })
        for what in ["file taken", "file taken in part", "file applied", "file old", "file of receipts"] {
            #expect(met[what, default: 0] > 0, "no world met '\(what)': they prove nothing about it")
        }
    }
}
