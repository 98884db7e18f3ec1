import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// What happens to clocks, machines and messages, besides what happens within a sync.
extension Simulation {
    // MARK: Time

    /// In some worlds a clock is wrong from the beginning: by hours, by years, in 1970, after 2038.
    func setClocks() {
        let wrong: [Int64] = [0, 0, 7_200_000, -86_400_000, -1_772_366_000_000, 400_000_000_000]
        for device in world.devices {
            let error = wrong[random(wrong.count)]
            device.time.set(wall: world.hubTime.wallMilliseconds + error)
            if error != 0 { note("\(device.name) clock \(error)") }
        }
    }

    /// A clock jumps: to 1970, to 2038, by some minutes, or to the right time.
    func jumpClock(of device: Device) {
        let now = device.time.wallMilliseconds
        let (name, wall) =
            [
                ("1970", Int64(random(1_000))), ("2038", 2_147_483_647_000),
                ("minutes", now + Int64.random(in: -3_000_000...3_000_000, using: &generator)),
                ("right", world.hubTime.wallMilliseconds), ("right", world.hubTime.wallMilliseconds),
            ][random(5)]
        device.time.set(wall: wall)
        meet("clock \(name)")
        note("\(device.name) clock jumps to \(name)")
    }

    func restartHub() throws {
        meet("hub restart")
        try world.restartHub()
    }

    // MARK: Messages

    /// A message that was under way for long arrives once more. The hub may take it or refuse it, not act on it.
    func replay() throws {
        guard let newest = recorded.last else { return }
        let before = try position()
        let candidates = recorded.filter { $0.device == newest.device }
        let message = candidates[random(candidates.count)]
        do {
            _ = try world.hub.sync(message)
        } catch let failure as Failure {
            // What it refuses must not shut the device out either: that is looked at when it syncs next.
            note("replay refused \(failure.code)")
        }
        if try position() != before { complain("a message that came again was acted on again") }
        meet("replay")
        note("replay")
    }

    /// A request that somebody held back arrives at last, perhaps after later ones. The hub may take it for another
    /// copy's, which is why it is let in again; its batches count as always.
    func deliverDelayed() throws {
        guard !delayed.isEmpty else { return }
        let message = delayed.remove(at: random(delayed.count))
        meet("delayed request")
        do {
            _ = try world.hub.sync(message)
            note("a delayed request arrives")
        } catch let failure as Failure {
            note("a delayed request is refused \(failure.code)")
        }
    }

    /// Batches go onto a stick, made one after the other; sometimes the first is not copied.
    func pocket(_ device: Device) throws {
        for _ in 0..<2 {
            try Workload(self, device).act()
            _ = try Stick(from: device)
        }
        var stick = try Stick(from: device)
        if random(3) == 0 { stick.loseFirst() }
        guard !stick.items.isEmpty else { return }
        add(stick)
        note("\(device.name) fills a stick with \(stick.items.count)")
    }

    private func add(_ stick: Stick) {
        sticks.append(stick)
        carried += stick.items
        for item in stick.items { proofs.formUnion(item.proofs) }
    }

    /// A stick arrives, in any order, and sometimes a second time.
    func plugIn() throws {
        guard !sticks.isEmpty else { return }
        let number = random(sticks.count)
        var stick = sticks[number]
        if random(3) > 0 { sticks.remove(at: number) }
        stick.shuffle(using: &generator)
        for outcome in try stick.deliver(to: world) {
            switch outcome {
            case .judged: meet("stick judged")
            case .duplicate: meet("stick duplicate")
            case .held: meet("stick held")
            }
        }
        note("a stick arrives with \(stick.items.count)")
    }

    // MARK: Machines

    /// Somebody keeps an image of a device's files.
    ///
    /// Only when nothing waits that has not left: an edit that is in both copies and has no name yet would be made
    /// twice, and rightly.
    func image(_ device: Device) throws {
        guard try isCopyable(device) else { return }
        let path = world.folder.file("image-\(serial)-\(device.name)")
        serial += 1
        try device.image(at: path)
        images[device.name] = path
        note("image of \(device.name)")
    }

    /// An old image is put over a device's files, and it goes on from there. What it did since is on a stick.
    func restore() throws {
        let names = images.keys.sorted()
        guard !names.isEmpty else { return }
        let device = try world.device(names[random(names.count)])
        guard !device.isRetired, let image = images.removeValue(forKey: device.name) else { return }
        let stick = try Stick(from: device)
        if !stick.items.isEmpty { add(stick) }
        for row in try device.outbox() { sealedEver.insert(row.id) }
        // Mostly the whole machine; sometimes the file alone, and what lies beside it knows better.
        if random(3) == 0 {
            try device.putBack(from: image)
            meet("put back")
        } else {
            try device.restore(from: image)
            meet("restore")
        }
        note("\(device.name) is restored")
    }

    /// A device's files are copied, and both copies live on.
    func clone(_ device: Device) throws {
        guard try isCopyable(device), world.devices.count < 8 else { return }
        let twin = try world.clone(device)
        meet("clone")
        note("\(device.name) is copied as \(twin.name)")
    }

    private func isCopyable(_ device: Device) throws -> Bool {
        try device.read {
            try Int.fetchOne(
                $0, sql: "SELECT (SELECT count(*) FROM ru_journal) + (SELECT count(*) FROM ru_outbox WHERE state = 0)")
        } == 0
    }
}

extension World {
    /// The hub's operator decides an open conflict by a new value, naming everything that stands.
    @discardableResult
    func resolve(_ cell: Cell, to word: String) throws -> (new: [ReUniteSync.Value], old: Set<[ReUniteSync.Value]>) {
        let schema = hub.store.tables
        let siblings = try reader.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT b.id, o.idx, s.val FROM hub_sibling s JOIN hub_op o ON o.h = s.h
                    JOIN hub_batch b ON b.no = o.batch WHERE s.tbl = ? AND s.key = ? AND s.grp = ?
                    """, arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)]
            ).map { row in
                let index: Int64 = row["idx"]
                return (
                    name: OpID(batch: try Audit.batchID(row.bytes("id")).short, index: UInt32(index)),
                    values: try ValueList.decode(row.bytes("val"))
                )
            }
        }
        let count = schema[cell.table]?.columnIndexes(of: 1 << UInt64(cell.group)).count ?? 1
        let new = (0..<count).map { ReUniteSync.Value.text($0 == 0 ? word : "\(word) too") }
        try hub.submit([
            Op(
                table: cell.table, key: cell.key, kind: .resolve, groups: 1 << UInt64(cell.group),
                stamp: HybridTime(milliseconds: hubTime.wallMilliseconds), values: new,
                context: Op.Context(supersedes: siblings.map { SiblingName(group: cell.group, op: $0.name) }))
        ])
        return (new, Set(siblings.map(\.values)))
    }
}
