package import ReUniteSync

/// A large delivery on its way from the hub: the sealed bytes that have come so far, in a file beside the replica.
///
/// Every byte that came is kept, also when the process is killed, so that the next attempt goes on at the exact
/// offset. Each chunk of 16 KiB is checked as it comes; one that was changed on the way is thrown away and fetched
/// again. Nothing of the content is used before all of it is there and the hub's signature over it fits.
package final class StagedDelivery {
    /// Which delivery it is, and what this replica had sent when it was offered.
    package struct Ticket: Hashable, Sendable {
        package var id: Identifier
        /// The size of the sealed delivery.
        package var bytes: Int
        /// The cursor that the replica asked from; zero asks for everything.
        package var from: Position
        /// Where the replica stood when it was offered. Once it has moved, this is no longer what comes next.
        package var cursor: Position
        package var epoch: HubEpoch
        /// The last batch of the outbox that the hub had taken by then.
        package var sent: UInt64
        /// The hub's clock when it was offered, milliseconds since 1970.
        package var hubMilliseconds: Int64
    }

    /// Bytes that are not the hub's came: they were thrown away, and are to be fetched again from the offset.
    package struct Damaged: Error, Hashable {
        package var offset: Int
    }

    package let ticket: Ticket
    private let file: PartialFile
    private let paths: Paths
    private let ring: KeyRing
    private let hub: Identifier
    private let hubChain: HubKeyChain
    private var opening: BundleOpening?
    /// The next chunk to be checked.
    private var next = 0
    private var unforced = 0

    /// So many bytes may come before they are forced to disk.
    private static let forceStep = 64 * 1_024

    /// How many bytes are there: where to go on.
    package var offset: Int { file.count }
    package var isComplete: Bool { offset == ticket.bytes }

    struct Paths {
        let ticket: String
        let bytes: String

        init(folder: String) {
            ticket = folder + "/delivery"
            bytes = folder + "/delivery.part"
        }

        func remove() {
            // The other way round, bytes without a name would be taken for the next delivery's.
            DurableFile.remove(bytes)
            DurableFile.remove(ticket)
        }
    }

    init(_ ticket: Ticket, paths: Paths, ring: KeyRing, hub: Identifier, hubChain: HubKeyChain) throws {
        self.ticket = ticket
        self.paths = paths
        self.ring = ring
        self.hub = hub
        self.hubChain = hubChain
        file = try PartialFile(paths.bytes)
        if file.count > ticket.bytes { try file.truncate(to: 0) }
        // What a power cut left at the end may be anything.
        while true {
            do {
                try check()
                return
            } catch is Damaged {
                continue
            }
        }
    }

    /// The signature at the end of a delivery that is complete: who names these bytes has it too.
    package var end: [UInt8] {
        get throws { try file.read(max(0, offset - BundleOpening.trailerLength)..<offset) }
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``Damaged`` when a chunk is not as the hub sealed it; ``Failure`` when the disk is full.
    package func append(_ bytes: some Collection<UInt8>) throws {
        try file.append(bytes.prefix(ticket.bytes - offset))
        unforced += bytes.count
        if unforced >= StagedDelivery.forceStep || isComplete {
            try file.force()
            unforced = 0
        }
        try check()
    }

    /// Throws everything away: it became void, or was applied.
    package func discard() {
        paths.remove()
    }

    // MARK: Checking

    private func check() throws {
        if opening == nil {
            do {
                guard let opening = try readBeginning() else { return }
                self.opening = opening
            } catch is FormatError {
                try file.truncate(to: 0)
                throw Damaged(offset: 0)
            }
        }
        guard let opening else { return }
        while next < opening.chunkCount {
            let place = opening.place(ofChunk: next)
            guard place.upperBound <= offset else { return }
            do {
                _ = try opening.open(try file.read(place)[...], index: next)
            } catch is FormatError {
                try file.truncate(to: place.lowerBound)
                throw Damaged(offset: place.lowerBound)
            }
            next += 1
        }
        guard isComplete else { return }
        do {
            try opening.verify(from: try hubChain.signer(of: opening.header), read: file.read)
        } catch is FormatError {
            // Chunks that open and a signature that does not fit: its bytes may be damaged, so they come once more.
            try file.truncate(to: opening.bodyEnd)
            throw Damaged(offset: opening.bodyEnd)
        }
    }

    private func readBeginning() throws -> BundleOpening? {
        let bytes = try file.read(0..<min(offset, BundleOpening.beginningLimit))
        let recipients = (try? SealedBundle.readHeader(bytes).recipients) ?? []
        let keys = ring.keys(named: recipients) ?? ring.current
        guard let opening = try BundleOpening(beginning: bytes, length: ticket.bytes, with: keys) else { return nil }
        let label = opening.header.label
        guard label.kind == .down, label.id == ticket.id, label.hub == hub, label.sender == hub else {
            throw FormatError(.notAuthentic, "delivery label")
        }
        return opening
    }

    /// The delivery, once it is complete.
    func reader() throws -> DeliveryReader {
        guard isComplete, let opening else { throw FormatError(.truncated, "delivery") }
        let file = file
        var content = opening.content { try file.read($0) }
        return try DeliveryReader { try content.next() }
    }
}

extension StagedDelivery.Ticket {
    private static let version: UInt8 = 1

    func encoded() -> [UInt8] {
        var out = ByteWriter()
        out.byte(Self.version)
        out.identifier(id)
        out.varint(bytes)
        out.zigzag(from.rawValue)
        out.zigzag(cursor.rawValue)
        out.varint(UInt64(epoch.number))
        out.identifier(epoch.salt)
        out.varint(sent)
        out.zigzag(hubMilliseconds)
        return out.bytes
    }

    init(decoding encoded: [UInt8]) throws(FormatError) {
        var input = ByteReader(encoded)
        guard try input.byte("staged delivery version") == Self.version else {
            throw FormatError(.unknownVersion, "staged delivery version")
        }
        id = try input.identifier("staged delivery id")
        bytes = try input.count("staged delivery size", limit: DecodeLimits.deliveryBytes)
        from = Position(try input.zigzag("staged delivery from"))
        cursor = Position(try input.zigzag("staged delivery cursor"))
        epoch = HubEpoch(
            number: UInt32(try input.count("staged delivery epoch", limit: Int(UInt32.max))),
            salt: try input.identifier("staged delivery epoch"))
        sent = try input.varint("staged delivery batch")
        hubMilliseconds = try input.zigzag("staged delivery clock")
        try input.end("staged delivery")
    }
}
