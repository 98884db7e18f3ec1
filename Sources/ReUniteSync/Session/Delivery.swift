/// What changed in a replica's scope between two positions, from one consistent look at the hub.
///
/// It is applied whole or not at all, in the order of its parts: what leaves, what enters, receipts, rows, rows that
/// are gone; then what an entered scope did not mention is swept.
public struct Delivery: Hashable, Sendable {
    /// The cursor that it starts from.
    public var from: Position
    /// The hub's signed statement of what the replica holds once this is applied.
    public var checkpoint: SignedCheckpoint
    public var events: [ScopeEvent]
    public var receipts: [Receipt]
    /// In no order; as they are read, those of a table come one after another.
    public var rows: [RowState]
    public var tombstones: [Tombstone]
    /// The proof that the audit log of the checkpoint begins with what the receiver said that it knows.
    public var auditProof: AuditProof

    public init(
        from: Position, checkpoint: SignedCheckpoint, events: [ScopeEvent] = [], receipts: [Receipt] = [],
        rows: [RowState] = [], tombstones: [Tombstone] = [], auditProof: AuditProof = .none
    ) {
        self.from = from
        self.checkpoint = checkpoint
        self.events = events
        self.receipts = receipts
        self.rows = rows
        self.tombstones = tombstones
        self.auditProof = auditProof
    }

    /// Whether it carries nothing but the checkpoint.
    public var isEmpty: Bool { events.isEmpty && receipts.isEmpty && rows.isEmpty && tombstones.isEmpty }
}

/// A scope that a replica may hold from now on, or no longer.
public struct ScopeEvent: Hashable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// Every row of the scope that the replica may hold is in this delivery; what is not is swept.
        case enter = 1
        /// Everything of the scope is purged.
        case leave = 2
    }

    public var kind: Kind
    public var scope: Identifier
    /// The position at which the grant opened; zero for a leave.
    public var epoch: Position
    public var readMask: UInt64
    public var writeMask: UInt64

    public init(kind: Kind, scope: Identifier, epoch: Position, readMask: UInt64, writeMask: UInt64) {
        self.kind = kind
        self.scope = scope
        self.epoch = epoch
        self.readMask = readMask
        self.writeMask = writeMask
    }
}

/// A row that is no longer there.
public struct Tombstone: Hashable, Sendable {
    public var table: UInt16
    public var key: Identifier

    public init(table: UInt16, key: Identifier) {
        self.table = table
        self.key = key
    }
}

extension Delivery {
    static let version: UInt8 = 1
    /// Rows to a page: a page is encoded by itself, so that large deliveries can be made and read piece by piece.
    public static let rowsPerPage = 4_000

    public func encoded(layout: some ColumnLayout) throws(FormatError) -> [UInt8] {
        Array(try encodedPieces(layout: layout).joined())
    }

    /// The delivery in the pieces that it is made of, for a file: what comes before the rows, then page after page.
    public func encodedPieces(layout: some ColumnLayout) throws(FormatError) -> [[UInt8]] {
        var pages: [[UInt8]] = []
        for start in stride(from: 0, to: rows.count, by: Delivery.rowsPerPage) {
            let end = min(start + Delivery.rowsPerPage, rows.count)
            pages += try Delivery.encodedPages(of: rows[start..<end], layout: layout)
        }
        return [encodedHead(pages: pages.count)] + pages
    }

    /// What comes before the rows, which follow in so many pieces of ``encodedPages(of:layout:)``.
    public func encodedHead(pages: Int) -> [UInt8] {
        var out = ByteWriter(reserving: 1_024)
        out.byte(Delivery.version)
        out.zigzag(from.rawValue)
        out.string(checkpoint.bytes)
        out.varint(events.count)
        for event in events {
            out.byte(event.kind.rawValue)
            out.identifier(event.scope)
            out.zigzag(event.epoch.rawValue)
            out.varint(event.readMask)
            out.varint(event.writeMask)
        }
        out.varint(receipts.count)
        for receipt in receipts { receipt.encode(into: &out) }
        out.varint(tombstones.count)
        for tombstone in tombstones {
            out.varint(UInt64(tombstone.table))
            out.identifier(tombstone.key)
        }
        // Before the rows, so that none of them is read when the log contradicts itself.
        auditProof.encode(into: &out)
        out.varint(pages)
        return out.bytes
    }

    /// Rows as a piece of a delivery, or as more where they are too large for one.
    public static func encodedPages(
        of rows: ArraySlice<RowState>, layout: some ColumnLayout
    ) throws(FormatError) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for page in try pages(of: rows, layout: layout) {
            var piece = ByteWriter(reserving: page.count + 5)
            piece.string(page)
            pieces.append(piece.bytes)
        }
        return pieces
    }

    /// Encodes rows as one page, or as more where long texts make it larger than a page may be.
    private static func pages(
        of rows: ArraySlice<RowState>, layout: some ColumnLayout
    ) throws(FormatError) -> [[UInt8]] {
        do {
            return [try RowCodec.encode(Array(rows), layout: layout)]
        } catch {
            guard error.code == .tooLarge, rows.count > 1 else { throw error }
            let middle = rows.startIndex + rows.count / 2
            return try pages(of: rows[..<middle], layout: layout) + pages(of: rows[middle...], layout: layout)
        }
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        let pages: Int
        (self, pages) = try Delivery.head(from: &input)
        var budget = PageBudget()
        for _ in 0..<pages { rows += try budget.rows(of: try Delivery.page(from: &input)) }
        try input.end("delivery")
    }

    /// Everything before the rows, and how many pages of rows follow.
    static func head(from input: inout ByteReader) throws(FormatError) -> (delivery: Delivery, pages: Int) {
        guard try input.byte("delivery version") == Delivery.version else {
            throw FormatError(.unknownVersion, "delivery version")
        }
        let from = Position(try input.zigzag("delivery from"))
        let checkpoint = try SignedCheckpoint(decoding: try input.string("delivery checkpoint", limit: 1_024))
        var delivery = Delivery(from: from, checkpoint: checkpoint)
        for _ in 0..<(try input.count("delivery events", limit: 1_000_000)) {
            guard let kind = ScopeEvent.Kind(rawValue: try input.byte("scope event kind")) else {
                throw FormatError(.malformed, "scope event kind")
            }
            delivery.events.append(
                ScopeEvent(
                    kind: kind, scope: try input.identifier("scope event scope"),
                    epoch: Position(try input.zigzag("scope event epoch")),
                    readMask: try input.varint("scope event read mask"),
                    writeMask: try input.varint("scope event write mask")))
        }
        for _ in 0..<(try input.count("delivery receipts", limit: 1_000_000)) {
            delivery.receipts.append(try Receipt(from: &input))
        }
        for _ in 0..<(try input.count("delivery tombstones", limit: 10_000_000)) {
            let table = UInt16(try input.count("tombstone table", limit: Int(UInt16.max)))
            delivery.tombstones.append(Tombstone(table: table, key: try input.identifier("tombstone key")))
        }
        delivery.auditProof = try AuditProof(from: &input)
        return (delivery, try input.count("delivery pages", limit: 1_000_000))
    }

    /// The bytes of the next page.
    static func page(from input: inout ByteReader) throws(FormatError) -> [UInt8] {
        try input.string("delivery page", limit: DecodeLimits.inflatedSection)
    }
}
