import Crypto
import ReUniteReplica
import ReUniteSync

/// One file of the ledger of batches: records one behind the other, each a sealed bundle behind 40 bytes in clear that
/// say how long it is and which positions it holds, with a check of their own.
///
/// The check tells a record that was being written when the machine stopped (which nobody was told of, and which is
/// passed over) from one that was changed.
struct LedgerSegment: Hashable {
    /// What is said of a record in clear.
    struct Record: Hashable {
        /// Where the bundle lies in the file.
        var place: Range<Int>
        var from: Position
        var to: Position
    }

    enum Ending: Hashable {
        case whole
        /// The last record is not all there.
        case torn
        /// Something in it is not as it was written.
        case damaged
    }

    private(set) var path: String
    /// Its place among the files: a later one has a greater number.
    let number: Int
    /// The first and the last of its whole records.
    private(set) var first: Record
    private(set) var last: Record
    private(set) var ending: Ending
    /// Where its last whole record ends.
    var end: Int { last.place.upperBound }

    static let headLength = 40
    private static let mark = Array("RULEDGR1".utf8)

    /// A new file, of which nothing is written yet.
    init(path: String, number: Int, at position: Position) {
        let none = Record(place: 0..<0, from: position, to: position)
        self.init(path: path, number: number, none, none, .whole)
    }

    private init(path: String, number: Int, _ first: Record, _ last: Record, _ ending: Ending) {
        self.path = path
        self.number = number
        self.first = first
        self.last = last
        self.ending = ending
    }

    /// Reads what is said in clear; nil where the file holds no whole record.
    init?(reading path: String, number: Int) throws {
        var records: (first: Record, last: Record)?
        let ending = try LedgerSegment.scan(path) { record, _ in records = (records?.first ?? record, record) }
        if records == nil && ending != .damaged { return nil }
        let none = Record(place: 0..<0, from: .zero, to: .zero)
        self.init(path: path, number: number, records?.first ?? none, records?.last ?? none, ending)
    }

    /// Whether the file is as long as it was when it was left.
    var isAsItWas: Bool { ending == .whole && DurableFile.size(path) == end }

    /// Adds a record and forces it to disk. Where that fails, the file is as long as before, or is cut at the next try.
    mutating func append(_ bundle: [UInt8], from: Position, to: Position) throws {
        try cutTornEnd()
        let head = LedgerSegment.head(length: bundle.count, from, to)
        do {
            try DurableFile.append(head + bundle, to: path)
        } catch {
            try? PartialFile(path).truncate(to: end)
            throw error
        }
        let start = end + LedgerSegment.headLength
        let record = Record(place: start..<start + bundle.count, from: from, to: to)
        if first.place.isEmpty { first = record }
        last = record
        ending = .whole
    }

    /// Takes away what was being written when the machine stopped.
    mutating func cutTornEnd() throws {
        guard DurableFile.exists(path), DurableFile.size(path) != end else { return }
        try PartialFile(path).truncate(to: end)
        ending = .whole
    }

    mutating func rename(_ name: String) throws {
        try DurableFile.move(path, to: name)
        path = name
    }

    // MARK: Reading

    /// Goes through the records of a file.
    ///
    /// - Parameter visit: is given each record, and a way to read its bundle.
    static func scan(
        _ path: String, visit: (Record, _ read: (Range<Int>) throws -> [UInt8]) throws -> Void
    ) throws -> Ending {
        let file = try PartialFile(reading: path)
        var offset = 0
        while offset < file.count {
            let rest = file.count - offset
            guard rest >= headLength else { return .torn }
            guard let record = record(try file.read(offset..<offset + headLength), at: offset) else {
                return try isBlank(file, from: offset) ? .torn : .damaged
            }
            guard record.place.upperBound <= file.count else { return .torn }
            try visit(record) { try file.read($0) }
            offset = record.place.upperBound
        }
        return .whole
    }

    /// After a power cut the end of a file may be there without its bytes.
    private static func isBlank(_ file: PartialFile, from start: Int) throws -> Bool {
        for place in stride(from: start, to: file.count, by: 65_536)
        where try file.read(place..<min(place + 65_536, file.count)).contains(where: { $0 != 0 }) {
            return false
        }
        return true
    }

    private static func head(length: Int, _ from: Position, _ to: Position) -> [UInt8] {
        var out = ByteWriter(reserving: headLength)
        out.raw(mark)
        out.fixed64(UInt64(length))
        out.fixed64(UInt64(bitPattern: from.rawValue))
        out.fixed64(UInt64(bitPattern: to.rawValue))
        return out.bytes + check(out.bytes)
    }

    private static func record(_ head: [UInt8], at offset: Int) -> Record? {
        var input = ByteReader(head)
        guard check(Array(head.prefix(32))) == Array(head.suffix(8)),
            (try? input.raw("ledger mark", count: 8)).map(Array.init) == mark,
            let length = try? input.fixed64("ledger length"), length <= UInt64(DecodeLimits.bundleBytes),
            let from = try? input.fixed64("ledger from"), let to = try? input.fixed64("ledger to")
        else { return nil }
        let start = offset + headLength
        return Record(
            place: start..<start + Int(length), from: Position(Int64(bitPattern: from)),
            to: Position(Int64(bitPattern: to)))
    }

    private static func check(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes).prefix(8)) }
}
