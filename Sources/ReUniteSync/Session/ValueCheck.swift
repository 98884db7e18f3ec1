import Crypto

/// The check of what rows say, beside the version digest, which only tells which versions are held
/// (`docs/verify.md`).
///
/// A row's check is the first 8 bytes of SHA-256 over a key that the replica draws for each comparison, the row's table
/// and id, and its values. Nobody can prepare values whose checks agree, for nobody knows the next key.
public struct ValueCheck: Sendable {
    private let start: SHA256

    public init(key: Identifier) {
        var hash = SHA256()
        hash.update(data: Array("ru.value.1".utf8))
        hash.update(data: key.bytes)
        start = hash
    }

    /// - Parameter values: of all synced columns, in the table's column order.
    public func of(table: UInt16, key: Identifier, values: [Value]) -> UInt64 {
        var hash = start
        var head = ByteWriter(reserving: 20)
        head.varint(UInt64(table))
        head.identifier(key)
        hash.update(data: head.bytes)
        hash.update(data: ValueList.encode(values))
        return hash.finalize().prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}

/// What a scope's rows come to: two replicas whose sums agree hold the same versions of the same rows, with the same
/// values.
public struct ScopeCheck: Hashable, Sendable {
    public var scope: Identifier
    public var versions: VersionDigest
    /// The sum of the rows' checks, modulo 2^64.
    public var values: UInt64

    public init(scope: Identifier, versions: VersionDigest = VersionDigest(), values: UInt64 = 0) {
        self.scope = scope
        self.versions = versions
        self.values = values
    }

    public mutating func add(leaf: Identifier, check: UInt64) {
        versions.add(leaf)
        values &+= check
    }
}

/// What one row comes to.
public struct RowCheck: Hashable, Sendable {
    public var table: UInt16
    public var key: Identifier
    /// The first half of its leaf.
    public var version: UInt64
    public var value: UInt64
    /// Whether it changed after the cursor that the request named: the next delivery brings it.
    public var isNewer: Bool

    public init(table: UInt16, key: Identifier, version: UInt64, value: UInt64, isNewer: Bool) {
        self.table = table
        self.key = key
        self.version = version
        self.value = value
        self.isNewer = isNewer
    }
}

/// One of several parts into which ids are dealt out, so that no answer is too long: those whose last 8 bytes, a number
/// with the most significant first, leave a certain remainder. These are the random ones of a version 7 id, and the ones
/// that count where ids do.
public struct IdentifierShare: Hashable, Sendable {
    /// From 0.
    public let number: UInt32
    /// How many parts there are, at least 1.
    public let count: UInt32

    package static let limit: UInt64 = 65_536
    /// All of them.
    public static let whole = IdentifierShare(unchecked: 0, of: 1)

    private init(unchecked number: UInt32, of count: UInt32) {
        self.number = number
        self.count = count
    }

    /// Nil unless there is such a part.
    public init?(_ number: UInt64, of count: UInt64) {
        guard number < count, count <= IdentifierShare.limit else { return nil }
        self.init(unchecked: UInt32(number), of: UInt32(count))
    }

    /// As many parts as it takes for each to have about so many ids.
    package static func all(of ids: Int, each: Int) -> [IdentifierShare] {
        let count = UInt32(clamping: min(max(1, (ids + each - 1) / each), Int(limit)))
        return (0..<count).map { IdentifierShare(unchecked: $0, of: count) }
    }

    public func contains(_ id: Identifier) -> Bool { id.low % UInt64(count) == UInt64(number) }
}

/// What a replica asks in one `POST /v1/check`: the sums of the scopes that it may hold, or every row of some of them.
public struct CheckRequest: Hashable, Sendable {
    public var epoch: HubEpoch
    public var cursor: Position
    /// The key of the checks, drawn for this comparison.
    public var key: Identifier
    /// Empty: the sums of all scopes.
    public var scopes: [Identifier]
    /// Of which rows, by their ids; of which scopes, where none is named.
    public var share: IdentifierShare

    /// At most so many scopes are named in one request.
    package static let scopeLimit = 1_000

    public init(
        epoch: HubEpoch, cursor: Position, key: Identifier, scopes: [Identifier], share: IdentifierShare = .whole
    ) {
        self.epoch = epoch
        self.cursor = cursor
        self.key = key
        self.scopes = scopes
        self.share = share
    }
}

/// What the hub answers: sums if no scope was named, else rows.
public struct CheckAnswer: Hashable, Sendable {
    /// The newest position when the hub looked.
    public var position: Position
    public var sums: [ScopeCheck]
    public var rows: [RowCheck]

    /// At most so many rows are in one answer, which must fit into a message.
    package static let rowLimit = 55_000

    public init(position: Position, sums: [ScopeCheck] = [], rows: [RowCheck] = []) {
        self.position = position
        self.sums = sums
        self.rows = rows
    }
}

extension CheckRequest {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 64 + 16 * scopes.count)
        out.byte(CheckRequest.version)
        out.hubEpoch(epoch)
        out.zigzag(cursor.rawValue)
        out.identifier(key)
        out.varint(scopes.count)
        for scope in scopes { out.identifier(scope) }
        out.varint(UInt64(share.number))
        out.varint(UInt64(share.count))
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("check version") == CheckRequest.version else {
            throw FormatError(.unknownVersion, "check version")
        }
        epoch = try input.hubEpoch("check epoch")
        cursor = Position(try input.zigzag("check cursor"))
        key = try input.identifier("check key")
        scopes = []
        for _ in 0..<(try input.count("check scopes", limit: CheckRequest.scopeLimit)) {
            scopes.append(try input.identifier("check scope"))
        }
        let part = try input.varint("check part")
        guard let share = IdentifierShare(part, of: try input.varint("check parts")) else {
            throw FormatError(.malformed, "check part")
        }
        self.share = share
        try input.end("check request")
    }
}

extension CheckAnswer {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 64 + 48 * sums.count + 36 * rows.count)
        out.byte(CheckAnswer.version)
        out.zigzag(position.rawValue)
        out.varint(sums.count)
        for sum in sums {
            out.identifier(sum.scope)
            out.fixed64(sum.versions.high)
            out.fixed64(sum.versions.low)
            out.zigzag(sum.versions.rows)
            out.fixed64(sum.values)
        }
        out.varint(rows.count)
        for row in rows {
            out.varint(UInt64(row.table))
            out.identifier(row.key)
            out.fixed64(row.version)
            out.fixed64(row.value)
            out.byte(row.isNewer ? 1 : 0)
        }
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("check version") == CheckAnswer.version else {
            throw FormatError(.unknownVersion, "check version")
        }
        position = Position(try input.zigzag("check position"))
        sums = []
        for _ in 0..<(try input.count("check sums", limit: 40_000)) {
            let scope = try input.identifier("check scope")
            let versions = VersionDigest(
                high: try input.fixed64("check versions"), low: try input.fixed64("check versions"),
                rows: try input.zigzag("check rows"))
            sums.append(ScopeCheck(scope: scope, versions: versions, values: try input.fixed64("check values")))
        }
        rows = []
        for _ in 0..<(try input.count("check rows", limit: CheckAnswer.rowLimit)) {
            rows.append(
                RowCheck(
                    table: UInt16(try input.count("check table", limit: Int(UInt16.max))),
                    key: try input.identifier("check row"), version: try input.fixed64("check version"),
                    value: try input.fixed64("check value"), isNewer: try input.flag("check newer")))
        }
        try input.end("check answer")
    }
}
