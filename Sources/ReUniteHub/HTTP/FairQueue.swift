import ReUniteSync

/// A bounded queue in which partners take turns, and the devices of a partner take turns within its turn: one that
/// sends much waits for itself and not before everyone else.
struct FairQueue<Job> {
    /// How many jobs and how many bytes may wait; of those, how many jobs of one device and one partner.
    struct Limits {
        var jobs = 512
        var bytes = 64 << 20
        var perDevice = 4
        var perPartner = 128
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
    private var sizes = 0
    private(set) var count = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether there is room for one more of this device's.
    func hasRoom(for device: Identifier, of partner: Identifier, bytes: Int) -> Bool {
        let lane = lanes[partner]
        return count < limits.jobs && (sizes + bytes <= limits.bytes || count == 0)
            && lane?.jobs ?? 0 < limits.perPartner && lane?.devices[device]?.count ?? 0 < limits.perDevice
    }

    /// Puts a job behind the others of its device.
    ///
    /// - Parameter size: its bytes in memory while it waits.
    mutating func add(_ job: Job, of device: Identifier, partner: Identifier, bytes size: Int) {
        var lane = lanes[partner] ?? Lane()
        if lane.jobs == 0 { turns.append(partner) }
        if lane.devices[device] == nil { lane.turns.append(device) }
        lane.devices[device, default: []].append(job)
        lane.jobs += 1
        lanes[partner] = lane
        sizes += size
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

    /// Says that a job is over and no longer in memory.
    mutating func finished(bytes: Int) {
        sizes -= bytes
    }
}
