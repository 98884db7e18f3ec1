import ReUniteReplica
import ReUniteSync

/// The keys of a hub that is restored: those of its folder, of the backup, and of the ledger together.
struct RestoredKeys {
    private(set) var ring: KeyRing
    private let hub: Identifier

    /// - Parameter backup: the keys in the backup, if it is sealed.
    init(of hub: Identifier, folder: KeyRing, backup: KeyRing?) {
        self.hub = hub
        ring = folder
        if let backup { ring.merge(backup) }
    }

    /// Adds what the ledger holds, sealed to the backup key.
    mutating func add(_ entries: [ClosingLedger.Entry], with key: OfflineKey?) throws {
        guard let key = try key?.keys() else { return }
        for secret in entries.compactMap(\.secret) {
            guard let file = try? SealedKeys.open(Array(secret), of: hub, with: key),
                let other = try? KeyRing(importingSecret: file), other.isKin(of: ring)
            else { continue }
            ring.merge(other)
        }
    }

    /// All of the hub's public keys.
    func chain() throws -> HubKeyChain {
        do {
            return try ring.chain(of: hub)
        } catch {
            throw HubFiles.damaged(error)
        }
    }

    /// The number of keys that devices have been told of and that are nowhere here; nil mostly.
    func lacking(_ known: [HubKeyEntry], _ entries: [ClosingLedger.Entry]) -> UInt32? {
        let words = entries.filter { $0.kind == .hubRekeyed }.compactMap {
            $0.succession.flatMap { try? SignedKeySuccession(decoding: Array($0)) }
        }
        let told = words.map(\.succession.keys.number) + known.map(\.keys.number)
        return told.max().flatMap { $0 > ring.inUse ? $0 : nil }
    }

    /// What to do about that.
    static func refusal(_ number: UInt32) -> Failure {
        Failure(
            .configuration, what: "Restoring the hub",
            why: "devices have been told of the hub's keys of number \(number), and neither its folder nor this backup "
                + "has them",
            remedy: "Restore a sealed backup made since, name the ledger and the backup key with --ledger and --key, "
                + "or put the file of keys of that time into the folder. If those keys are lost for good, go on "
                + "with --lost-keys; devices that know them must join again")
    }
}
