import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// One run of the simulator: a seed, and everything that it leads to.
final class Simulation {
    let seed: UInt64
    let world: World
    let history = TrueHistory()
    /// One line a decision: what was done and what came of it. Equal for equal seeds.
    private(set) var trace: [String] = []
    /// What should never have happened, in words.
    private(set) var complaints: [String] = []
    var generator: SeededGenerator
    private var faults: Faults
    private var recorded: [Hub.SignedRequest] = []
    private var lastPosition: Int64 = 0
    var serial = 0

    init(seed: UInt64) throws {
        self.seed = seed
        world = try World(seed: seed, withSharedCases: true)
        generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D)
        let percent = [0, 3, 8, 20][Int(seed % 4)]
        faults = Faults(generator: SeededGenerator(seed: ~seed), percent: percent)
        // The world's past took some seconds.
        world.advance(milliseconds: 3_600_000)
        lastPosition = try position()
    }

    /// Does so many random things, then heals everything and lets everyone sync until nothing moves.
    func run(steps: Int) throws {
        setClocks()
        for step in 0..<steps {
            world.advance(milliseconds: Int64.random(in: 1_000...3_600_000, using: &generator))
            note("\(step)")
            try act()
            try watch()
        }
        try heal()
    }

    // MARK: Time

    /// In some worlds a clock is wrong: by hours, by years, before 1970's first day or after 2038.
    private func setClocks() {
        let wrong: [Int64] = [0, 0, 7_200_000, -86_400_000, -1_772_366_000_000, 400_000_000_000]
        for device in world.devices {
            let error = wrong[Int.random(in: 0..<wrong.count, using: &generator)]
            device.time.set(wall: world.hubTime.wallMilliseconds + error)
            if error != 0 { note("\(device.name) clock \(error)") }
        }
    }

    // MARK: Acting

    private func act() throws {
        let device = world.devices[Int.random(in: 0..<3, using: &generator)]
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<38: try sync(device)
        case 38: try device.restart()
        case 39: try world.restartHub()
        case 40:
            device.time.set(
                wall: device.time.wallMilliseconds + Int64.random(in: -3_000_000...3_000_000, using: &generator))
        case 41..<45: try replay()
        default: try Workload(self, device).act()
        }
    }

    private func sync(_ device: Device) throws {
        var wire = Wire(faults: faults)
        wire.limit = [1, 600, 65_536][Int.random(in: 0..<3, using: &generator)]
        wire.restartHub = { [world] in
            try world.restartHub()
            return world.hub
        }
        let isTyping = Int.random(in: 0..<2, using: &generator) == 0
        if isTyping {
            wire.meanwhile = { [self] in
                if Int.random(in: 0..<2, using: &generator) == 0 { try Workload(self, device).act() }
            }
        }
        let ending = try wire.sync(device.replica, with: world.hub)
        faults = wire.faults ?? faults
        recorded = recorded.suffix(20) + wire.recorded
        switch ending {
        case .finished(let outcome):
            note(
                """
                sync \(device.name) \(outcome.pushedEdits) up \(outcome.pulledRows) down \(outcome.returned) back \
                \(outcome.entered.count) in \(outcome.left.count) out \(outcome.roundTrips)
                """)
            if outcome.digest != .match { complain("\(device.name)'s digest was \(outcome.digest) after a sync") }
        case .failed(let failure):
            complain("a sync of \(device.name) failed: \(failure)")
        case .lost: note("sync \(device.name) lost")
        case .crashed:
            note("sync \(device.name) crashed")
            try device.restart()
        }
    }

    /// A message that was under way for long arrives once more. The hub may take it or refuse it, not act on it.
    private func replay() throws {
        guard let newest = recorded.last else { return }
        let before = try position()
        // An older ticket than the newest would tell the hub that the device was copied, and rightly.
        let candidates = recorded.filter { $0.device == newest.device && $0.ticket == newest.ticket }
        let message = candidates[Int.random(in: 0..<candidates.count, using: &generator)]
        _ = try world.hub.sync(message)
        if try position() != before { complain("a message that came again was acted on again") }
        note("replay")
    }

    // MARK: Watching

    private func position() throws -> Int64 {
        try world.reader.read { try Int64.fetchOne($0, sql: "SELECT position FROM hub_clock") } ?? -1
    }

    /// What must be true after every step.
    private func watch() throws {
        let now = try position()
        if now < lastPosition { complain("the hub's position fell") }
        lastPosition = now
    }

    /// Everything is mended, and everyone syncs until nothing moves any more.
    private func heal() throws {
        for device in world.devices { try device.restart() }
        try world.restartHub()
        for round in 0..<12 {
            var isIdle = true
            for device in world.devices {
                world.advance(milliseconds: 1_000)
                var wire = Wire(faults: nil)
                guard case .finished(let outcome) = try wire.sync(device.replica, with: world.hub) else {
                    complain("\(device.name) cannot sync on a healed network")
                    return
                }
                if outcome.digest != .match { complain("\(device.name)'s digest was \(outcome.digest) while healing") }
                if outcome.roundTrips > 1 { isIdle = false }
                note("heal \(device.name) \(outcome.pushedEdits) \(outcome.pulledRows) \(outcome.returned)")
            }
            if isIdle {
                note("idle after \(round)")
                return
            }
        }
        complain("the replicas never became idle")
    }

    func note(_ line: String) { trace.append(line) }
    func complain(_ line: String) { complaints.append(line) }
}
