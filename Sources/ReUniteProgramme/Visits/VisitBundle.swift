import GRDB
package import ReUniteReplica
package import ReUniteSync

/// A day's visits on their way into a sealed file: what goes in, for which device, and nothing of it stored.
///
/// The command and the page go the same way: what may be carried in, for whom and for how long is decided here.
package struct VisitBundle: Sendable {
    /// What somebody wants to be packed.
    package struct Order: Hashable, Sendable {
        /// The day in the United Kingdom, `YYYY-MM-DD`.
        package var day: String
        /// Codes in capitals; empty for every prison.
        package var prisons: Set<String>
        /// Only these visits; empty for all.
        package var visits: Set<Identifier>
        /// The device that will open it, by name or id; `self` for this one.
        package var recipient: String
        /// How long it may be opened.
        package var hours: Int

        package init(
            day: String, prisons: Set<String> = [], visits: Set<Identifier> = [], recipient: String = "self",
            hours: Int = VisitPacking.hours
        ) {
            self.day = day
            self.prisons = prisons
            self.visits = visits
            self.recipient = recipient
            self.hours = hours
        }
    }

    package let packed: VisitPacking.Packed
    /// What the device that will open it is called.
    package let device: String
    private let keys: PublicKeys

    package var sheet: VisitSheet { packed.sheet }

    /// Picks out what goes in.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``Failure``: see ``VisitPacking/pack(in:)``; noInput for no such device, notPermitted for one that has
    ///   not joined.
    package init(_ order: Order, from replica: Replica, now: Int64) throws {
        let facts = try replica.facts()
        let found = try replica.read("Packing the visits") { database in
            let device = try VisitBundle.device(order.recipient, replica, facts, database)
            var packing = VisitPacking(
                day: order.day, prisons: order.prisons, visits: order.visits, device: device.id, hours: order.hours,
                now: now)
            // What a laptop recorded by itself is refused by the hub, so it does not count before either.
            if facts.role != "office" {
                packing.undecided = Set(try replica.attention(in: database).filter(\.isUnsent).map(\.key))
            }
            return (device: device, packed: try packing.pack(in: database))
        }
        packed = found.packed
        device = found.device.name
        keys = found.device.keys
    }

    /// The sealed file's bytes.
    package func sealed(by replica: Replica) throws -> (bytes: [UInt8], label: BundleLabel) {
        let sealed = try replica.seal(visit: try sheet.encoded(), to: keys)
        return (sealed.bytes, sealed.label)
    }

    private static func device(
        _ recipient: String, _ replica: Replica, _ facts: ReplicaFacts, _ database: Database
    ) throws -> (id: Identifier, name: String, keys: PublicKeys) {
        if recipient == "self" { return (facts.device, facts.deviceName, try replica.publicKeys(facts)) }
        let found = try PartnerDevices.find(recipient, of: facts.partner, in: database)
        if found.id == facts.device { return (facts.device, facts.deviceName, try replica.publicKeys(facts)) }
        guard let keys = found.keys else {
            throw Failure(
                .notPermitted, what: "Packing the visits", why: "that device has not joined, or is shut out",
                remedy: "Name another device, or sync first")
        }
        return (found.id, found.name, keys)
    }
}
