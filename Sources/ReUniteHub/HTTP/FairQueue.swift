import ReUniteSync

/// A bounded queue in which partners take turns, and the devices of a partner take turns within its turn: one that
/// sends much waits for itself and not before everyone else.
struct FairQueue<Job> {
    /// How many jobs may wait; of those, how many of one device, of one partner, and of all who are not known yet.
    struct Limits {
        var jobs = 512
        var perDevice = 4
        var perPartner = 128
        var strangers = 32
    }

    private struct Lane {
        var devices: [Identifier: [Job]] = [:]
        /// The devices that wait, whose turn it is first.
        var turns: [Identifier] = []
        var jobs = 0
    }

    private let limits: Limits
    private var lanes: [Identifier: Lane] = [:]
    /// The partners that wait, whose turn it is first.
    private var turns: [Identifier] = []
    private(set) var count = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether there is room for one more of this device's.
    ///
    /// - Parameter partner: zero for whoever is not known: they have a lane together.
    func hasRoom(for device: Identifier, of partner: Identifier) -> Bool {
        let lane = lanes[partner]
        return count < limits.jobs
            && lane?.jobs ?? 0 < (partner == .zero ? limits.strangers : limits.perPartner)
            && lane?.devices[device]?.count ?? 0 < limits.perDevice
    }

    /// Puts a job behind the others of its device.
    mutating func add(_ job: Job, of device: Identifier, partner: Identifier) {
        var lane = lanes[partner] ?? Lane()
        if lane.jobs == 0 { turns.append(partner) }
        if lane.devices[device] == nil { lane.turns.append(device) }
        lane.devices[device, default: []].append(job)
        lane.jobs += 1
        lanes[partner] = lane
        count += 1
    }

    /// Takes the next job out, and puts its device and its partner behind the others.
    mutating func next() -> Job? {
        guard let partner = turns.first, var lane = lanes[partner], let device = lane.turns.first,
            let job = lane.devices[device]?.removeFirst()
        else { return nil }
        turns.removeFirst()
        lane.turns.removeFirst()
        lane.jobs -= 1
        if lane.devices[device]?.isEmpty == true { lane.devices[device] = nil } else { lane.turns.append(device) }
        lanes[partner] = lane.jobs == 0 ? nil : lane
        if lane.jobs > 0 { turns.append(partner) }
        count -= 1
        return job
    }
}
