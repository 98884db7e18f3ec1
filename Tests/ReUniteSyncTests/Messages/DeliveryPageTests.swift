import Testing

@testable import ReUniteSync

/// What a hub that is wrong, or somebody in its place, can make a device do with few bytes.
@Suite("What a delivery costs to read follows from what it carries")
struct DeliveryPageTests {
    private func head(pages: Int) throws -> [UInt8] {
        let checkpoint = try Checkpoint(
            hub: BundleFixtures.hub, epoch: BundleFixtures.epoch, device: BundleFixtures.device,
            position: Position(2_000), issuedMilliseconds: 1_790_000_000_000, digest: VersionDigest(), audit: nil
        ).signed(with: try BundleFixtures.keys(from: 1))
        return Delivery(from: Position(912), checkpoint: checkpoint).encodedHead(pages: pages)
    }

    private func row(_ number: UInt64, _ text: String) -> RowState {
        RowState(
            table: 700, key: Identifier(high: 7, low: number), scope: .zero, clock: RowClock(stamp: Position(5)),
            groups: 1 << 5, echoed: 0, values: [.text(text)])
    }

    /// Each of these rows on a page of its own.
    private func pages(_ rows: [RowState]) throws -> [UInt8] {
        try head(pages: rows.count)
            + rows.indices.flatMap { try Delivery.encodedPages(of: rows[$0...$0], layout: TestLayout.sample).joined() }
    }

    /// How many rows are read, whole and page by page, in pieces of some bytes.
    private func read(_ bytes: [UInt8], pieces: Int = 1_000) throws -> Int {
        var left = bytes[...]
        var reader = try DeliveryReader {
            guard !left.isEmpty else { return nil }
            defer { left = left.dropFirst(pieces) }
            return Array(left.prefix(pieces))
        }
        var rows = 0
        while let page = try reader.nextPage() { rows += page.count }
        #expect(try Delivery(decoding: bytes).rows.count == rows)
        return rows
    }

    private func refuses(_ bytes: [UInt8], _ code: FormatError.Code) {
        #expect { try read(bytes) } throws: { ($0 as? FormatError)?.code == code }
        #expect { try Delivery(decoding: bytes) } throws: { ($0 as? FormatError)?.code == code }
    }

    @Test("rows of two tables that took turns are all there, and each table's come one after another")
    func tablesTakeTurns() throws {
        var rows: [RowState] = []
        for number in 0..<40 {
            var row = row(UInt64(number), "row \(number)")
            row.table = number % 3 == 0 ? 701 : 700
            row.clock = RowClock(stamp: Position(Int64(number) + 1))
            rows.append(row)
        }
        let pages = Array(try Delivery.encodedPages(of: rows[...], layout: TestLayout.sample).joined())
        let read = try Delivery(decoding: try head(pages: 1) + pages).rows
        let inTurns = read.sorted { $0.clock.stamp < $1.clock.stamp }
        #expect(inTurns == rows)
        #expect(zip(read, read.dropFirst()).filter { $0.table != $1.table }.count == 1)
    }

    @Test("a page that carries nothing is refused")
    func empty() throws {
        let empty = Array(try Delivery.encodedPages(of: [][...], layout: TestLayout.sample).joined())
        refuses(try head(pages: 1) + empty, .malformed)
        #expect(try read(try head(pages: 0)) == 0)
    }

    @Test("so many pages that carry next to nothing are refused; a few are not, nor many that carry something")
    func small() throws {
        #expect(try read(pages((0..<16).map { row($0, "x") })) == 16)
        refuses(try pages((0..<400).map { row($0, "x") }), .tooLarge)
        // A hub cuts a page after two megabytes of values, however few bytes they take.
        let large = String(repeating: "a", count: 300_000)
        #expect(try read(pages((0..<60).map { row($0, large) })) == 60)
        let many = (0..<6_000).map { row($0, "x") }
        let halves = stride(from: 0, to: many.count, by: 100).map { many[$0..<$0 + 100] }
        let bytes =
            try head(pages: halves.count)
            + halves.flatMap { try Delivery.encodedPages(of: $0, layout: TestLayout.sample).joined() }
        #expect(try read(bytes) == 6_000)
    }

    @Test("a page that ends too early is refused before what stands behind it is fetched")
    func cutInside() throws {
        var page = Array(try Delivery.encodedPages(of: [row(1, "some words")][...], layout: TestLayout.sample).joined())
        // One byte fewer than its rows need, as it says itself.
        page = [page[0] - 1] + page[1..<(page.count - 1)]
        let bytes = try head(pages: 2) + page
        var fetched = 0
        var left = bytes[...]
        var reader = try DeliveryReader {
            fetched += 1
            guard fetched < 2_000 else { return nil }
            defer { left = left.dropFirst(100) }
            return left.isEmpty ? Array(repeating: 0, count: 100) : Array(left.prefix(100))
        }
        #expect(throws: FormatError.self) { try reader.nextPage() }
        #expect(fetched <= bytes.count / 100 + 3)
    }
}
