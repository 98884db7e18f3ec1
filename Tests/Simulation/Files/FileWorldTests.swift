import Foundation
import Testing

/// The random worlds once more, with bundle files going back and forth beside the network.
@Suite("Random worlds in which files travel too come to rest with nothing lost")
struct FileWorldTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// `REUNITE_FILE_SEEDS` says how many, `REUNITE_SEED` names one.
    static let seeds: [UInt64] = {
        if let one = environment["REUNITE_SEED"].flatMap(UInt64.init) { return [one] }
        let count = environment["REUNITE_FILE_SEEDS"].flatMap(UInt64.init) ?? 6
        return Array(1_001...(1_000 + max(count, 1)))
    }()

    @Test("Replicas converge whatever carried their edits, and every edit is accounted for", arguments: seeds)
    func convergence(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        simulation.files = FileCarrier()
        do {
            try simulation.run(steps: 90)
            let complaints = simulation.complaints + (try Audit(simulation).complaints())
            #expect(complaints.isEmpty, "\(SimulationTests.report(simulation, complaints))")
            for what in ["file taken", "file applied"] {
                #expect(simulation.met[what, default: 0] > 0, "seed \(seed) never met '\(what)'")
            }
        } catch {
            Issue.record("\(error)\n\(SimulationTests.report(simulation, simulation.complaints))")
        }
        if Self.environment["REUNITE_FILE_SEEDS"] != nil {
            print("seed \(seed):", simulation.met.filter { $0.key.hasPrefix("file") })
        }
    }
}
