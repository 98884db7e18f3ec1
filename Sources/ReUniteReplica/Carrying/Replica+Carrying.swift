package import ReUniteSync

extension Replica {
    // MARK: A delivery that is being fetched

    /// The delivery whose fetching was broken off, if it still fits this replica; what does not is thrown away.
    package func stagedDelivery() throws -> StagedDelivery? {
        let facts = try facts()
        guard let ticket = try fittingTicket(facts) else { return nil }
        let staged = try staged(ticket, StagedDelivery.Paths(folder: vault.folder), facts)
        // One that moved no cursor, where the program ended between applying it and throwing it away.
        if staged.isComplete, (try? staged.reader().head.checkpoint.tag) == facts.checkpointTag {
            staged.discard()
            return nil
        }
        return staged
    }

    /// Throws away what was fetched of a delivery that no longer fits this replica: it may hold what has left since.
    func discardOvertakenDelivery() throws {
        _ = try fittingTicket(try facts())
    }

    /// Throws away what was fetched of any delivery.
    func discardDelivery() {
        StagedDelivery.Paths(folder: vault.folder).remove()
    }

    /// The ticket of the delivery that is being fetched, if it is what comes next here; else nothing of it stays.
    private func fittingTicket(_ facts: ReplicaFacts) throws -> StagedDelivery.Ticket? {
        let paths = StagedDelivery.Paths(folder: vault.folder)
        if let bytes = try DurableFile.read(paths.ticket), let ticket = try? StagedDelivery.Ticket(decoding: bytes),
            ticket.epoch == facts.epoch, ticket.cursor == facts.cursor,
            ticket.from == .zero || ticket.from == facts.cursor
        {
            return ticket
        }
        paths.remove()
        return nil
    }

    /// Begins, or goes on with, the fetching of a delivery that the hub offers.
    package func stage(
        _ id: Identifier, bytes: UInt64, from: Position, sent: UInt64, hubMilliseconds: Int64
    ) throws -> StagedDelivery {
        guard bytes <= UInt64(DecodeLimits.deliveryBytes) else {
            throw Failure(
                .badData, what: "Fetching a delivery", why: "it is larger than a delivery can be",
                remedy: "Install the current reunite-sync")
        }
        let facts = try facts()
        let paths = StagedDelivery.Paths(folder: vault.folder)
        let ticket = StagedDelivery.Ticket(
            id: id, bytes: Int(bytes), from: from, cursor: facts.cursor, epoch: facts.epoch, sent: sent,
            hubMilliseconds: hubMilliseconds)
        let held = try DurableFile.read(paths.ticket).flatMap { try? StagedDelivery.Ticket(decoding: $0) }
        if held?.id != id || held?.bytes != ticket.bytes { paths.remove() }
        try DurableFile.write(ticket.encoded(), to: paths.ticket)
        return try staged(ticket, paths, facts)
    }

    private func staged(
        _ ticket: StagedDelivery.Ticket, _ paths: StagedDelivery.Paths, _ facts: ReplicaFacts
    ) throws -> StagedDelivery {
        try StagedDelivery(
            ticket, paths: paths, ring: try keyRing(for: facts), hub: facts.hub, hubChain: facts.hubChain)
    }

    /// Applies a delivery that has been fetched, and throws the file away.
    ///
    /// - Parameter hubMilliseconds: the hub's clock now; nil where it is not known.
    package func apply(_ staged: StagedDelivery, hubMilliseconds: Int64?) throws -> DeliveryEffect {
        do {
            let effect = try apply(hubMilliseconds: hubMilliseconds) { try staged.reader() }
            staged.discard()
            return effect
        } catch let failure as Failure where failure.code == .badData {
            // It would be no better the next time.
            staged.discard()
            throw failure
        }
    }

    /// Applies a delivery that lies in a file.
    ///
    /// - Parameter reader: begins at its beginning.
    func apply(
        hubMilliseconds: Int64?, isFile: Bool = false, reader: () throws -> DeliveryReader
    ) throws -> DeliveryEffect {
        var first = try Replica.readable(reader)
        // Before the lock, so that other programs wait only for the writing.
        if let pages = try Replica.decodedAtOnce(&first) {
            return try apply(first.head, hubMilliseconds: hubMilliseconds, isFile: isFile) {
                var rest = pages[...]
                return { rest.popFirst() }
            }
        }
        return try apply(first.head, hubMilliseconds: hubMilliseconds, isFile: isFile) {
            var again = try Replica.readable(reader)
            return { try Replica.readable { try again.nextPage() } }
        }
    }

    /// All pages of a delivery that is small enough; nil for a larger one, which is decoded while it is applied: in memory
    /// there is a page of it at a time. How long it is sealed says nothing: text that repeats itself is a hundred times as
    /// long.
    private static func decodedAtOnce(_ reader: inout DeliveryReader) throws -> [[RowState]]? {
        var pages: [[RowState]] = []
        var bytes = 0
        while let page = try Replica.readable({ try reader.nextPage() }) {
            pages.append(page)
            for row in page { bytes += row.values.reduce(rowBytes) { $0 + RowBinder.size(of: $1) } }
            guard bytes <= bytesDecodedAtOnce else { return nil }
        }
        return pages
    }

    private static let bytesDecodedAtOnce = 8 << 20
    /// About what a row takes besides its values.
    private static let rowBytes = 160

    private static func readable<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as FormatError {
            throw badDelivery("it could not be read (\(error))")
        }
    }

    // MARK: Batches that are being sent

    private var uploadPath: String { vault.folder + "/upload" }

    /// The bundle of batches whose sending was broken off, if any.
    package func stagedUpload() throws -> StagedUpload? {
        guard let bytes = try DurableFile.read(uploadPath, limit: DecodeLimits.uploadBytes + 1_024) else { return nil }
        guard let upload = try? StagedUpload(decoding: bytes) else {
            discardUpload()
            return nil
        }
        return upload
    }

    /// Seals a request's batches into a bundle that is sent in as many pieces as it takes.
    package func stageUpload(_ outgoing: OutgoingRequest) throws -> StagedUpload {
        var request = outgoing.request
        request.moreFollows = true
        request.want = []
        request.purges = []
        let sealed = try seal(request)
        let upload = StagedUpload(
            id: sealed.id, lastBatch: outgoing.lastBatch, edits: outgoing.edits, body: sealed.body)
        try DurableFile.write(upload.encoded(), to: uploadPath)
        return upload
    }

    package func discardUpload() {
        DurableFile.remove(uploadPath)
    }
}

extension DecodeLimits {
    /// One bundle of batches that is sent in pieces, sealed.
    package static let uploadBytes = 16 << 20
}
