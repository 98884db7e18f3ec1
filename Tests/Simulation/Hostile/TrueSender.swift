import Crypto
import GRDB
import ReUniteReplica
import ReUniteSync
import TestMessages
import TestSupport
import Testing

@testable import ReUniteHub

/// A device that seals and signs whatever it is given, as a faulty or hostile programme with its keys would.
struct TrueSender {
    let device: Device
    let hub: Hub
    let keys: DeviceKeys

    init(_ device: Device, _ hub: Hub) throws {
        self.device = device
        self.hub = hub
        keys = try DeviceVault(replicaPath: device.path).keys()
    }

    /// Sends content to a route of the hub. Returns the sealed answer; nil where the hub refused it in plain words.
    func send(
        _ content: [UInt8], to route: (Hub.SignedRequest) throws -> Hub.Admission
    ) throws -> [UInt8]? {
        let facts = try device.replica.facts()
        let body = try SealedBundle.seal(
            content: content,
            label: BundleLabel(
                id: device.replica.newIdentifier(), kind: .up, hub: facts.hub, epoch: facts.epoch,
                sender: facts.device, from: facts.cursor, createdMilliseconds: device.time.wallMilliseconds),
            to: [facts.hubKeys], signedWith: keys)
        for _ in 0..<2 {
            let request = Hub.SignedRequest(
                device: facts.device, keyNumber: facts.keyNumber, ticket: try device.replica.ticket(), body: body)
            do {
                switch try route(request) {
                case .challenge(let ticket): try device.replica.keep(ticket: ticket.encoded())
                case .keys: return nil
                case .answer(let bytes): return bytes
                }
            } catch let failure as Failure {
                let plain: [Failure.Code] = [.badData, .notPermitted, .usage, .tryLater, .configuration]
                #expect(plain.contains(failure.code), "\(failure)")
                return nil
            }
        }
        throw FormatError(.notAuthentic, "ticket")
    }

    /// Signs edits, given as bytes, as the batch that follows another of this device.
    func batch(
        _ body: [UInt8], like header: BatchHeader, after end: (head: BatchID, number: UInt64, sequence: UInt64)
    ) throws -> SignedBatch {
        var header = header
        header.parent = end.head
        header.number = end.number + 1
        header.firstSequence = end.sequence + 1
        header.opsDigest = Array(SHA256.hash(data: body))
        return try SignedBatch.sign(header: header, ops: body, with: keys)
    }
}

/// Every way to damage a small message: each length, each byte, and each place where a number may be.
enum Damage {
    static func everywhere(_ message: [UInt8]) -> [[UInt8]] {
        (0..<message.count).map { Array(message.prefix($0)) }
            + message.indices.flatMap { index in
                [UInt8(1 << (index % 8)), 255].map { flip in
                    var copy = message
                    copy[index] ^= flip
                    return copy
                }
            } + [message + [0], message + message]
    }
}

extension World {
    /// Every row of the hub that says what somebody wrote, who may see it and what became of it. Left out is what the
    /// hub notes of a device that asked: when it was seen, what it was shown.
    func canon() throws -> [String] {
        try reader.read { database in
            let noted = [
                "hub_request", "hub_device", "hub_delivery", "hub_void", "hub_disclosure", "hub_audit", "hub_clock",
                "ru_now", "hub_digest", "hub_purge", "hub_due", "hub_stuck", "hub_night",
            ]
            let tables = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
                    AND name NOT LIKE 'sqlite_%' ORDER BY name
                    """)
            return try tables.filter { !noted.contains($0) }.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \"\(table)\"").map { "\(table) \($0)" }.sorted()
            }
        }
    }
    /// The rows that are no longer as they were then, or were not there.
    func changes(since then: [String]) throws -> [String] {
        try canon().difference(from: then).map { change in
            switch change {
            case .insert(_, let row, _): "+ \(row)"
            case .remove(_, let row, _): "- \(row)"
            }
        }
    }
}
