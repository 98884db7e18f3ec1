import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// The invariants that are watched while a world runs.
extension Simulation {
    func position() throws -> Int64 {
        try world.reader.read { try Int64.fetchOne($0, sql: "SELECT position FROM hub_clock") } ?? -1
    }

    /// 8. The hub's position never falls.
    func watchPosition() throws {
        let now = try position()
        if now < lastPosition { complain("invariant 8 (positions never fall): \(now) after \(lastPosition)") }
        lastPosition = now
    }

    /// 12. A sync that finished has brought the device at least to where the hub was when it began, whatever its outbox
    /// holds. 18. Both files are sound.
    func watchFinished(_ device: Device, _ outcome: SyncOutcome, startedAt position: Int64) throws {
        if outcome.digest != .match { complain("\(device.name)'s digest was \(outcome.digest) after a sync") }
        let cursor = try device.replica.facts().cursor.rawValue
        if cursor < position {
            complain("invariant 12 (pull progresses): \(device.name) is at \(cursor), the hub was at \(position)")
        }
        if backups != nil, try device.count("SELECT count(*) FROM ru_outbox WHERE safe = 2") > 0 {
            meet("outbox freed")
        }
        let found =
            try device.read { try Audit.soundness(of: $0, name: device.name) }
            + world.reader.read { try Audit.soundness(of: $0, name: "the hub") }
        for line in found { complain("invariant 18 (every file is sound): \(line)") }
    }

    /// Puts the watchers of one sync onto its wire.
    func watch(_ wire: inout Wire, _ device: Device) {
        if random(4) == 0 {
            wire.tamper = { [self] in try watchTampering($0) }
            wire.tamperAnswer = { [self] in try watchTampering(answer: $0, to: $1, device) }
        }
        if random(3) == 0 {
            wire.afterApply = { [self] in try watchRepeatedApply($0, hubMilliseconds: $1, device) }
        }
        var witness: [UInt8]?
        wire.beforeApply = { witness = device.witness }
        wire.loseWitness = { if let witness { device.witness = witness } }
    }

    /// One byte of a message is not what was sent; some are cut short.
    private func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let place = Int(generator.next() % UInt64(max(bytes.count, 1)))
        let change = UInt8(generator.next() % 255) + 1
        if generator.next() % 8 == 0 { return Array(bytes.prefix(place)) }
        if bytes.indices.contains(place) { bytes[place] ^= change }
        return bytes
    }

    /// 15. A request that was changed on the way changes nothing at the hub.
    private func watchTampering(_ request: Hub.SignedRequest) throws {
        var request = request
        request.body = damaged(request.body)
        let before = try world.reader.version()
        meet("tampering")
        do {
            guard case .answer = try world.hub.sync(request) else { return }
            complain("invariant 15 (a broken seal changes nothing): a damaged request was answered")
        } catch is Failure {}
        if try world.reader.version() != before {
            complain("invariant 15 (a broken seal changes nothing): the hub wrote after a damaged request")
        }
    }

    /// 15. Nor does a changed answer change anything on the device.
    private func watchTampering(
        answer: [UInt8], to request: Replica.SealedRequest, _ device: Device
    ) throws {
        let before = try device.version()
        do {
            _ = try device.replica.open(answer: damaged(answer), to: request)
            complain("invariant 15 (a broken seal changes nothing): a damaged answer was opened")
        } catch is Failure {}
        if try device.version() != before {
            complain("invariant 15 (a broken seal changes nothing): the replica wrote after a damaged answer")
        }
    }

    /// 11. Applying a delivery a second time changes nothing that anybody sees.
    private func watchRepeatedApply(_ bytes: [UInt8], hubMilliseconds: Int64, _ device: Device) throws {
        let before = try fingerprint(of: device)
        meet("applied twice")
        do {
            _ = try device.replica.apply(bytes, hubMilliseconds: hubMilliseconds)
        } catch let failure as Failure where failure.code == .badData {
            // It goes on from another point: refused whole.
        }
        for (then, now) in zip(before, try fingerprint(of: device)) where then != now {
            complain("invariant 11 (applying twice equals once): \(device.name) changed from \(then) to \(now)")
        }
    }

    /// Everything that a delivery may move on a device, but for the rows that it will ask for once more: a delivery from
    /// the beginning that comes a second time leaves it in doubt about what it sent itself, which costs some bytes.
    private func fingerprint(of device: Device) throws -> [String] {
        let facts = try device.replica.facts()
        return try device.read { database in
            let tables = try device.replica.schema.tables.map { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table.name) ORDER BY id").map(\.description).joined()
            }
            let counts = try ["ru_pending", "ru_returned", "ru_outbox", "ru_scope"].map {
                "\($0) \(try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? -1)"
            }
            return tables + counts + ["\(facts.cursor)", "\(facts.digest)"]
        }
    }
}
