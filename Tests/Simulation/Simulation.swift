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
    /// How often each kind of trouble was met, so that a run of many worlds can tell whether it proved anything.
    private(set) var met: [String: Int] = [:]
    var generator: SeededGenerator
    var faults: Faults
    var serial = 0

    // MARK: On the way

    /// Requests as they travelled, the newest last.
    var recorded: [Hub.SignedRequest] = []
    /// Requests that never arrived, and still might.
    var delayed: [Hub.SignedRequest] = []
    /// Sticks in pockets.
    var sticks: [Stick] = []
    /// Everything that was ever put on a stick.
    var carried: [Stick.Item] = []
    /// Images of devices, by the device's name.
    var images: [String: String] = [:]
    /// Batches of futures that an image was put over.
    var sealedEver: Set<BatchID> = []
    /// Every proof that ever went along with a batch.
    var proofs: Set<[UInt8]> = []
    /// What the operator decided, oldest first.
    var decisions: [Decision] = []
    /// Everybody also carries files; nil in worlds that have sticks with batches only.
    var files: FileCarrier?
    /// Whether all batches are judged once more at the end.
    private(set) var isRejudged: Bool
    /// Backups of the hub, the newest last; nil in worlds in which the hub's machine is never lost.
    var backups: [String]?
    /// Whether the feeds are compacted now and then, as if everything in them were old.
    var compactsFeeds = false
    /// Whether the hub makes new keys now and then; nil where it never does.
    var keyTrouble: KeyTrouble?
    /// Whether it was.
    var wasHubRestored: Bool { met["hub restored"] != nil }
    var lastPosition: Int64 = 0

    init(seed: UInt64) throws {
        self.seed = seed
        generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D)
        world = try World(seed: seed, sharing: WorldShape(using: &generator))
        let percent = [0, 3, 8, 20][Int(seed % 4)]
        faults = Faults(generator: SeededGenerator(seed: ~seed), percent: percent)
        isRejudged = seed % 3 == 0
        // The world's past took some seconds.
        world.advance(milliseconds: 3_600_000)
        lastPosition = try position()
        note("\(world.shape.devices) \(percent)%")
    }

    /// The hub is backed up now and then, and sometimes its machine is lost.
    func loseHubs() {
        backups = []
        isRejudged = false
    }

    /// Does so many random things, then heals everything and lets everyone sync until nothing moves.
    func run(steps: Int) throws {
        setClocks()
        for step in 0..<steps {
            world.advance(milliseconds: Int64.random(in: 1_000...3_600_000, using: &generator))
            note("\(step)")
            try act()
            try watchPosition()
        }
        try heal()
    }

    // MARK: Choosing

    func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    /// Somebody's device that is still in use.
    func anyone() -> Device {
        let active = world.devices.filter { !$0.isRetired }
        return active[random(active.count)]
    }

    private func act() throws {
        if files != nil, random(2) == 0 { return try carryFiles() }
        if backups != nil, try actOnBackups() { return }
        if compactsFeeds, random(6) == 0 { return try compact() }
        if keyTrouble != nil, try actOnHubKeys() { return }
        let device = anyone()
        // What only an image's lost future or an operator knew is lost with the hub, and rightly; and what only a lost
        // future sealed, with the hub's former keys.
        let choice = random(100)
        switch (backups != nil || keyTrouble != nil) && (47..<57).contains(choice) ? 99 : choice {
        case 0..<34: try sync(device)
        case 34: try device.restart()
        case 35: try restartHub()
        case 36, 37: jumpClock(of: device)
        case 38, 39: try replay()
        case 40: try deliverDelayed()
        case 41..<44: try pocket(device)
        case 44..<47: try plugIn()
        case 47..<50: try image(device)
        case 50, 51: try restore()
        case 52: try clone(device)
        case 53..<57: try operate()
        default: try Workload(self, device).act()
        }
    }

    private func compact() throws {
        let gone = try world.hub.compactFeeds(olderThan: 0)
        if gone > 0 { meet("feed compacted") }
        note("compacted \(gone)")
    }

    // MARK: Syncing

    private func sync(_ device: Device) throws {
        var wire = Wire(faults: faults)
        wire.limit = [1, 600, 65_536][random(3)]
        wire.restartHub = { [self] in
            try restartHub()
            return world.hub
        }
        if random(2) == 0 {
            wire.meanwhile = { [self] in
                if random(2) == 0 { try Workload(self, device).act() }
            }
        }
        if faults.percent > 0, random(5) == 0 {
            wire.crash = CrashPoint.allCases[random(CrashPoint.allCases.count)]
        }
        watch(&wire, device)
        let before = try position()
        let ending = try wire.sync(device.replica, with: world.hub)
        faults = wire.faults ?? faults
        recorded = recorded.suffix(20) + wire.recorded
        delayed = delayed.suffix(5) + wire.delayed
        proofs.formUnion(wire.proofs)
        switch ending {
        case .finished(let outcome):
            note(
                """
                sync \(device.name) \(outcome.pushedEdits) up \(outcome.pulledRows) down \(outcome.returned) back \
                \(outcome.entered.count) in \(outcome.left.count) out \(outcome.roundTrips)
                """)
            try watchFinished(device, outcome, startedAt: before)
        case .failed(let failure) where failure.code == .notPermitted:
            try beSuspended(device)
        case .failed(let failure): complain("a sync of \(device.name) failed: \(failure)")
        case .lost: note("sync \(device.name) lost")
        case .crashed:
            note("sync \(device.name) crashed at \(wire.crash?.rawValue ?? "some point")")
            if let point = wire.crash { meet("crash \(point.rawValue)") }
            if random(2) == 0 { try restartHub() }
            try device.restart()
        }
    }

    /// The hub saw two copies of a device. Somebody sees to it sooner or later, or puts the copy away.
    private func beSuspended(_ device: Device) throws {
        meet("suspension")
        note("\(device.name) is suspended")
        guard try isSuspended(device) else {
            complain("\(device.name) was refused, and the hub knows of no second copy")
            return
        }
        // What was refused to it meanwhile was never acted on, and may be once it is let in again.
        recorded.removeAll { $0.device == device.id }
        switch random(3) {
        case 0: try readmit(device)
        case 1 where world.devices.filter({ $0.id == device.id && !$0.isRetired }).count > 1:
            // What was typed last is sealed, so that it can be read in the outbox.
            try device.replica.seal()
            device.isRetired = true
            meet("retirement")
            note("\(device.name) is put away")
            try readmit(device)
        default: break
        }
    }

    private func readmit(_ device: Device) throws {
        guard try world.readmit(device) > 0 else { return }
        meet("readmitted edits")
        // What waited was judged later than it came.
        isRejudged = false
    }

    private func isSuspended(_ device: Device) throws -> Bool {
        try world.reader.read {
            try Int.fetchOne(
                $0, sql: "SELECT clone_ms IS NOT NULL FROM hub_device WHERE id = ?", arguments: [device.id.sqlBlob])
        } == 1
    }

    // MARK: Healing

    /// Everything is mended, every stick arrives, and everyone syncs until nothing moves any more.
    private func heal() throws {
        for device in world.devices { try device.restart() }
        try restartHub()
        sticks.shuffle(using: &generator)
        for stick in sticks { try stick.deliver(to: world) }
        sticks = []
        if wasHubRestored { try bringBack() }
        for round in 0..<16 {
            var isIdle = true
            for device in world.devices where !device.isRetired {
                guard let outcome = try healed(device) else { return }
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

    /// A sync on a healed network; a device that was shut out for its copy is let in again.
    func healed(_ device: Device) throws -> SyncOutcome? {
        for _ in 0..<3 {
            world.advance(milliseconds: 1_000)
            var wire = Wire(faults: nil)
            let ending = try wire.sync(device.replica, with: world.hub)
            proofs.formUnion(wire.proofs)
            switch ending {
            case .finished(let outcome): return outcome
            case .failed(let failure) where failure.code == .notPermitted: try readmit(device)
            default:
                complain("\(device.name) cannot sync on a healed network: \(ending)")
                return nil
            }
        }
        complain("\(device.name) is shut out again and again")
        return nil
    }

    func note(_ line: String) { trace.append(line) }
    func complain(_ line: String) { complaints.append(line) }
    func meet(_ trouble: String) { met[trouble, default: 0] += 1 }
}
