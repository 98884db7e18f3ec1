import ReUniteSync
import Synchronization

/// Whose keys have been looked up: requests are proved on the threads that serve connections, which must not wait for
/// the database while a batch is judged.
///
/// A key under its number and a device's partner never change. Whether the device is still admitted does, and is asked
/// of the database each time.
final class KnownDevices: Sendable {
    private struct Entry {
        var partner: Identifier
        var keys: [UInt32: PublicKeys]
    }

    private let entries = Mutex<[Identifier: Entry]>([:])
    /// More are forgotten and looked up again.
    private static let limit = 10_000

    func keys(of device: Identifier, number: UInt32, lookUp: () -> DeviceRecord?) -> PublicKeys? {
        if let known = entries.withLock({ $0[device]?.keys[number] }) { return known }
        guard let record = lookUp() else { return nil }
        entries.withLock {
            if $0.count >= KnownDevices.limit { $0.removeAll() }
            $0[device] = Entry(partner: record.partner, keys: record.keys)
        }
        return record.keys[number]
    }

    func partner(of device: Identifier) -> Identifier? {
        entries.withLock { $0[device]?.partner }
    }
}
