import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// Messages, one at a time: sent, read, applied, lost, doubled, too late.
extension ScopeWorld {
    // MARK: Up

    /// Sends what is in the outbox, and asks for nothing.
    ///
    /// - Parameter limit: about how many bytes of batches go at once.
    func push(_ device: ScopeDevice, isLost: Bool, limit: Int? = nil) throws -> String? {
        var outgoing = try device.replica.nextRequest(after: 0, limit: limit ?? [1, 600, 65_536][random(3)])
        guard !outgoing.request.batches.isEmpty else { return nil }
        if random(2) == 0 { outgoing.request.moreFollows = true }
        guard let answer = try exchange(outgoing.request, device, isLost: isLost) else {
            return "\(device.name), and the answer is lost"
        }
        switch answer.body {
        case .taken, .closings, .idle, .delivery, .fetch: break
        default: complain("(everybody is served) \(device.name) was told \(answer.body)")
        }
        return "\(device.name) \(outgoing.edits)"
    }

    /// Asks for what is new. The answer stays on its way until somebody applies it.
    func read(_ device: ScopeDevice, whole: Bool, withBatches: Bool) throws -> String? {
        var request = try device.replica.nextRequest(after: 0, limit: 65_536, whole: whole).request
        request.moreFollows = false
        if !withBatches {
            request.batches = []
            request.checkpoints = []
        }
        guard let answer = try exchange(request, device, isLost: false) else { return nil }
        device.flights.append(.init(answer: answer, truth: try projection(for: device)))
        return device.name + (whole ? " whole" : "")
    }

    /// One request and its answer, which nobody hears when it is lost.
    private func exchange(
        _ request: SyncRequest, _ device: ScopeDevice, isLost: Bool
    ) throws -> SyncAnswer? {
        if mutant == .epochIgnored { try forgetClosings() }
        let sealed = try device.replica.seal(request)
        for _ in 0..<2 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: try device.replica.facts().keyNumber,
                ticket: try device.replica.ticket(), body: sealed.body)
            recorded = recorded.suffix(15) + [signed]
            var admission = try hub.sync(signed)
            // An impatient proxy sends it twice.
            if random(8) == 0 {
                meet("doubled request")
                admission = try hub.sync(signed)
            }
            try noteHub()
            switch admission {
            case .challenge(let ticket): try device.replica.keep(ticket: ticket.encoded())
            case .keys: throw FormatError(.notAuthentic, "hub keys")
            case .answer(let bytes):
                if isLost { return nil }
                let answer = try device.replica.open(answer: bytes, to: sealed)
                try device.replica.keep(ticket: answer.ticket)
                return answer
            }
        }
        return nil
    }

    /// A request that has been answered comes once more, from somewhere.
    func repeatRequest() throws -> String? {
        guard let request = pick(recorded) else { return nil }
        do {
            _ = try hub.sync(request)
        } catch let failure as Failure where failure.code == .tryLater {
            meet("old request")
        }
        try noteHub()
        return ""
    }

    // MARK: Down

    func applyNewest(_ device: ScopeDevice, losingWitness: Bool) throws -> String? {
        guard let flight = device.flights.popLast() else { return nil }
        // Answers to older questions come later, or never.
        device.old = (device.old + device.flights).suffix(4)
        device.flights = []
        let witness = device.witness
        let what = try apply(flight, to: device)
        device.old.append(flight)
        if losingWitness {
            device.witness = witness
            try device.restart()
        }
        return what
    }

    /// An answer comes a second time, or after a newer one.
    func applyOld(_ device: ScopeDevice) throws -> String? {
        guard let flight = pick(device.old) else { return nil }
        return try apply(flight, to: device)
    }

    private func apply(_ flight: ScopeDevice.Flight, to device: ScopeDevice) throws -> String {
        let before = try device.replica.facts().cursor
        if mutant == .noSeal { try device.spoil("DELETE FROM ru_journal; DELETE FROM ru_values") }
        let bystander = mutant == .walKept ? try Bystander(at: device.path) : nil
        defer { bystander?.leave() }
        switch try fetched(flight.answer.body, for: device) {
        case nil:
            meet("void delivery")
            return "\(device.name) finds nothing"
        case .idle(let checkpoint):
            let matches = try device.replica.settle(
                checkpoint, auditProof: flight.answer.auditProof, hubMilliseconds: flight.answer.hubMilliseconds)
            let cursor = try device.replica.facts().cursor
            if cursor == flight.truth.position {
                if !matches { complain("(b) \(device.name)'s digest is not what the hub said when nothing was new") }
                try check(device, against: flight.truth, hasLeft: false)
            }
            return "\(device.name) idle"
        case .delivery(let bytes):
            let effect: DeliveryEffect
            do {
                effect = try device.replica.apply(
                    try mutated(bytes, device), hubMilliseconds: flight.answer.hubMilliseconds)
            } catch let failure as Failure where failure.code == .badData {
                // It goes on from another point, or is older than what is here: refused whole.
                meet("stale answer")
                if try device.replica.facts().cursor != before { complain("(a refused delivery changes nothing)") }
                return "\(device.name) refuses"
            }
            if mutant == .walKept { try device.spoil("UPDATE ru_purge SET receipt = x'00' WHERE receipt IS NULL") }
            if !effect.left.isEmpty { meet("scope left") }
            if !effect.entered.isEmpty { meet("scope entered") }
            if effect.returned > 0 { meet("edit returned") }
            if !effect.digestMatches { complain("(b) \(device.name)'s digest is not the delivery's") }
            let told = try Delivery(decoding: bytes)
            try check(device, against: flight.truth, hasLeft: !told.events.isEmpty || !told.tombstones.isEmpty)
            return "\(device.name) \(effect.rows) rows to \(flight.truth.position.rawValue)"
        case .closings(let bytes):
            // Of what is held the hub tells first.
            _ = try device.replica.apply(urgent: bytes)
            return "\(device.name) hears"
        default:
            complain("(everybody is served) \(device.name) was told \(flight.answer.body)")
            return device.name
        }
    }

    /// An answer with what it says is to be fetched; nil when that has become void.
    private func fetched(_ body: SyncAnswer.Body, for device: ScopeDevice) throws -> SyncAnswer.Body? {
        guard case .fetch(let id, let bytes, _) = body else { return body }
        var content: [UInt8] = []
        while content.count < bytes {
            guard let page = try hub.page(of: id, from: content.count, for: device.id) else { return nil }
            content += page
        }
        return .delivery(try device.replica.open(delivery: content, id: id))
    }

    /// A whole sync as the programme does it, on a good line.
    func syncWhole(_ device: ScopeDevice) throws -> SyncOutcome? {
        if mutant == .epochIgnored { try forgetClosings() }
        device.flights = []
        var wire = Wire(faults: nil)
        wire.limit = [1, 600, 65_536][random(3)]
        var truth: Projection?
        wire.tamperAnswer = { [self] _, _ in
            try noteHub()
            truth = try projection(for: device)
        }
        wire.beforeApply = { [self] in
            if mutant == .noSeal { try device.spoil("DELETE FROM ru_journal; DELETE FROM ru_values") }
        }
        wire.afterApply = { [self] _, _ in
            if let truth { try check(device, against: truth, hasLeft: false) }
        }
        let ending = try wire.sync(device.replica, with: hub)
        try noteHub()
        guard case .finished(let outcome) = ending else {
            complain("(pull progresses) a sync of \(device.name) ended with \(ending)")
            return nil
        }
        if outcome.digest != .match { complain("(b) \(device.name)'s digest was \(outcome.digest) after a sync") }
        try check(device, against: try projection(for: device), hasLeft: !outcome.left.isEmpty)
        return outcome
    }

    // MARK: Mutants

    private func mutated(_ bytes: [UInt8], _ device: ScopeDevice) throws -> [UInt8] {
        guard mutant == .torn || mutant == .noSweep else { return bytes }
        var delivery = try Delivery(decoding: bytes)
        if mutant == .noSweep {
            // Rows come as before; only that a scope begins anew is not said. What it holds already knows its number.
            let held = try device.read {
                Set(try Row.fetchAll($0, sql: "SELECT id FROM ru_scope WHERE epoch > 0").map { $0.identifier("id") })
            }
            delivery.events.removeAll { $0.kind == .enter && held.contains($0.scope) }
        } else {
            let position = delivery.checkpoint.checkpoint.position.rawValue
            let moved = try reader.read {
                Set(
                    try Row.fetchAll(
                        $0, sql: "SELECT tbl, key FROM hub_row WHERE changed > ?", arguments: [position]
                    ).map {
                        RowKey(table: UInt16(truncatingIfNeeded: $0["tbl"] as Int64), key: $0.identifier("key"))
                    })
            }
            delivery.rows.removeAll { moved.contains(RowKey(table: $0.table, key: $0.key)) }
            delivery.tombstones.removeAll { moved.contains(RowKey(table: $0.table, key: $0.key)) }
        }
        return try delivery.encoded(layout: device.replica.schema)
    }

    private func forgetClosings() throws {
        try spoilHub(
            """
            DELETE FROM hub_grant WHERE closed IS NOT NULL AND EXISTS (SELECT 1 FROM hub_grant g
              WHERE g.sub = hub_grant.sub AND g.scope = hub_grant.scope AND g.closed IS NULL);
            UPDATE hub_grant SET opened = 1 WHERE closed IS NULL;
            """)
    }
}

/// Another program that reads a file and takes its time over it.
private final class Bystander {
    private let database: DatabaseQueue

    init(at path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        database = try DatabaseQueue(path: path, configuration: configuration)
        try database.writeWithoutTransaction {
            try $0.execute(sql: "BEGIN")
            _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema")
        }
    }

    func leave() {
        try? database.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try? database.close()
    }
}
