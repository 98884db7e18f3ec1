import ReUniteSync
import Testing

@Suite("Tickets")
struct TicketTests {
    private let key: TicketKey
    private let ticket: Ticket

    init() throws {
        key = try TicketKey(bytes: (0..<32).map { UInt8($0) })
        ticket = Ticket(number: 41, device: BundleFixtures.device, keyNumber: 3, key: key)
    }

    @Test("A ticket has the written bytes")
    func golden() {
        #expect(BundleFixtures.hex(ticket.encoded()) == "29000000000000000b1c98592c7d9b24f0c1b098eac53cf8")
        #expect(ticket.text == "KQAAAAAAAAALHJhZLH2bJPDBsJjqxTz4")
        #expect(Ticket(text: ticket.text) == ticket)
    }

    @Test("A ticket is good for its own device, key number and hub key only")
    func forgery() throws {
        var generator = SeededGenerator(seed: 1)
        #expect(ticket.isGenuine(device: BundleFixtures.device, keyNumber: 3, key: key))
        #expect(!ticket.isGenuine(device: BundleFixtures.hub, keyNumber: 3, key: key))
        #expect(!ticket.isGenuine(device: BundleFixtures.device, keyNumber: 4, key: key))
        #expect(!ticket.isGenuine(device: BundleFixtures.device, keyNumber: 3, key: TicketKey(using: &generator)))
        #expect(!Ticket.none.isGenuine(device: BundleFixtures.device, keyNumber: 3, key: key))
        for index in 0..<Ticket.byteCount {
            var forged = ticket.encoded()
            forged[index] ^= 1
            let read = try Ticket(decoding: forged)
            #expect(!read.isGenuine(device: BundleFixtures.device, keyNumber: 3, key: key), "byte \(index)")
        }
    }

    @Test("A ticket of another length is not read")
    func lengths() {
        for bytes in [Array(ticket.encoded().dropLast()), ticket.encoded() + [0], []] {
            #expect(throws: FormatError.self) { try Ticket(decoding: bytes) }
        }
        #expect(Ticket(text: ticket.text + "A") == nil)
        #expect(throws: FormatError.self) { try TicketKey(bytes: [1, 2, 3]) }
    }
}
