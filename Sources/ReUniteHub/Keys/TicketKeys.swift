import ReUniteSync

/// The hub's keys for tickets, as the file `ticket-key` holds them: 32 bytes each, one behind the other.
///
/// The first is the hub's secret for as long as it lives, from which keys for other purposes are worked out
/// (``Hub/key(for:)``), and until the first rotation the key for tickets too. Behind it stand the former key and the one in
/// use. A device that shows a ticket of neither is challenged like one that has lost its own.
struct TicketKeys: Sendable {
    let secret: TicketKey
    /// Of which tickets are taken; the last one is in use.
    private var taken: [TicketKey]

    private static let length = 32

    init(importingSecret bytes: [UInt8]) throws(FormatError) {
        let count = bytes.count / TicketKeys.length
        guard bytes.count == count * TicketKeys.length, count == 1 || count == 3 else {
            throw FormatError(.malformed, "ticket key")
        }
        secret = try TicketKey(bytes: Array(bytes.prefix(TicketKeys.length)))
        taken = []
        for place in count == 1 ? 0..<1 : 1..<count {
            let start = place * TicketKeys.length
            taken.append(try TicketKey(bytes: Array(bytes[start..<start + TicketKeys.length])))
        }
    }

    /// For a file that only the hub can read.
    func exportSecret() -> [UInt8] {
        guard taken.count > 1 else { return secret.exportSecret() }
        return ([secret] + taken).flatMap { $0.exportSecret() }
    }

    /// The one that tickets are issued with.
    var current: TicketKey { taken.last ?? secret }

    /// Issues tickets with another key from now on. The one before the present one is no more.
    mutating func rotate(to new: TicketKey) {
        taken = [current, new]
    }

    func areOf(_ ticket: Ticket, _ device: Identifier, keyNumber: UInt32) -> Bool {
        taken.contains { ticket.isGenuine(device: device, keyNumber: keyNumber, key: $0) }
    }
}
