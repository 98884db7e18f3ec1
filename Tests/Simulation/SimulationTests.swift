import Foundation
import Testing

/// Random worlds. A failure names the command that runs it again.
@Suite("Random worlds with faults come to rest with nothing lost")
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// `REUNITE_SEEDS` says how many, `REUNITE_SEED` names one.
    static let seeds: [UInt64] = {
        if let one = environment["REUNITE_SEED"].flatMap(UInt64.init) { return [one] }
        let count = environment["REUNITE_SEEDS"].flatMap(UInt64.init) ?? 40
        return Array(1...max(count, 1))
    }()

    @Test("Replicas converge on their scopes, and every edit is accounted for", arguments: seeds)
    func convergence(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        do {
            try simulation.run(steps: 60)
            let complaints = simulation.complaints + (try Audit(simulation).complaints())
            #expect(complaints.isEmpty, "\(Self.report(simulation, complaints))")
        } catch {
            Issue.record("\(error)\n\(Self.report(simulation, []))")
        }
    }

    @Test("A seed decides everything: the same one gives the same run", arguments: [3, 6, 9] as [UInt64])
    func determinism(seed: UInt64) throws {
        let traces = try (0..<2).map { _ in
            let simulation = try Simulation(seed: seed)
            try simulation.run(steps: 60)
            return simulation.trace
        }
        let difference = zip(traces[0], traces[1]).first { $0 != $1 }
        #expect(traces[0] == traces[1], "\(String(describing: difference)); REUNITE_SEED=\(seed)")
    }

    private static func report(_ simulation: Simulation, _ complaints: [String]) -> String {
        let command = "REUNITE_SEED=\(simulation.seed) swift test --filter SimulationTests"
        let trace = environment["REUNITE_SEED"] == nil ? "" : "\n" + simulation.trace.joined(separator: "\n")
        return "\n" + complaints.joined(separator: "\n") + "\nTo run it again: " + command + trace
    }
}
