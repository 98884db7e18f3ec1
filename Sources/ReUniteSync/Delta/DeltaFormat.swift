/// Which column group each column of a table belongs to. Asked by the encoder only: what it writes names the groups,
/// so a decoder with an older schema, or with none, reads it all the same.
public protocol ColumnLayout {
    /// The group of each column in column order, the key left out; nil where the table is not known.
    func columnGroups(of table: UInt16) -> [UInt8]?
}

extension SchemaDescription: ColumnLayout {
    public func columnGroups(of table: UInt16) -> [UInt8]? {
        self[table]?.columns.map(\.group)
    }
}

extension DecodeLimits {
    /// Columns of one table; SQLite's own default limit.
    public static let columnsPerTable = 2_000
    /// Values in one payload, nulls included.
    public static let cellsPerPayload = 2 << 20
}

/// The numbers of the payload format (`Schemas/wire/delta.md`).
enum DeltaFormat {
    static let version: UInt8 = 2
    /// The version of payloads with a modelled section, so that a reader who knows none says that it is too old.
    static let modelledVersion: UInt8 = 3
    /// Payloads with more than this of structure and text are not modelled: it takes a quarter of a second for each
    /// megabyte, which a short payload does not notice.
    static let modelledBytes = 65_536
    /// Above this many bytes of text, a part of it shows whether deflating all of it is worth the time.
    static let sampledText = 128 * 1_024
    /// More sections than this are never merged by rank, so that merging stays cheap for any input.
    static let mergedSections = 64
    /// Day zero of dates, 2025-01-01, counted from 1970-01-01.
    static let dayZero: Int64 = 20_089
    static let dayMilliseconds: Int64 = 86_400_000

    struct Flags: OptionSet {
        let rawValue: UInt8
        /// Row states, not ops.
        static let rows = Flags(rawValue: 1)
        static let structureDeflated = Flags(rawValue: 2)
        static let textDeflated = Flags(rawValue: 4)
        static let textInWords = Flags(rawValue: 8)
        static let structureModelled = Flags(rawValue: 16)
        static let textModelled = Flags(rawValue: 32)
        /// Only in ``modelledVersion``, and one of them there.
        static let modelled: Flags = [.structureModelled, .textModelled]
        static let known: Flags = [.rows, .structureDeflated, .textDeflated, .textInWords, .modelled]

        /// Whether each section has one form, of those that the version knows.
        func suits(version: UInt8) -> Bool {
            let text = intersection([.textDeflated, .textInWords, .textModelled])
            return Flags.known.isSuperset(of: self) && text.rawValue.nonzeroBitCount <= 1
                && !isSuperset(of: [.structureDeflated, .structureModelled])
                && isDisjoint(with: .modelled) == (version == DeltaFormat.version)
        }
    }

    /// How the entries of the sections are put back into one order.
    enum Order: UInt8 {
        /// One section after another.
        case concatenated = 0
        /// The entry with the least rank among the sections' next entries, and the first such section, comes next.
        case merged = 1
        /// Listed as runs.
        case runs = 2
    }

    /// Which values of a list are there.
    enum Presence: UInt8 {
        case all = 0
        case nothing = 1
        case bitmap = 2
    }

    /// How the values of a column that are not null are written.
    enum Form: UInt8 {
        case integers = 0
        case integersAfterPrevious = 1
        case integersAfterKey = 2
        case integersAfterStamp = 3
        case days = 4
        case daysAfterPrevious = 5
        case daysAfterKey = 6
        case daysAfterStamp = 7
        case reals = 8
        case wholeReals = 9
        case identifiers = 10
        case dictionary = 11
        case texts = 12
        case blobs = 13
        case tagged = 14
    }

    /// The storage class of one value in a tagged column.
    enum Tag: UInt8 {
        case integer = 1
        case real = 2
        case text = 3
        case blob = 4
    }

    /// The first codes of an identifier reference; higher ones count back.
    enum Reference {
        static let version7: UInt64 = 0
        static let whole: UInt64 = 1
        static let previous: UInt64 = 2
        static let seen: UInt64 = 3
    }
}
