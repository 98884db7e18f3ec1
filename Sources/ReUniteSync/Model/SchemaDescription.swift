/// How concurrent values of one column group are merged. The raw value is the word in `ru_column.policy`.
public enum MergePolicy: String, Sendable, CaseIterable {
    /// The value written last is shown; a person is asked only where a clock cannot be trusted.
    case lww
    /// The value written last is shown, and a person decides.
    case review
    /// Rows are only ever added.
    case append
    /// The value moves along a declared order of states; the higher rank of two concurrent states wins.
    case state
    /// Every author's differences are added up.
    case counter
    /// Only the hub confirms, so that nothing is given twice; what is written elsewhere is a request.
    case alloc
    /// Anyone may raise the protection; only a person's decision lowers it.
    case mostProtective = "most-protective"
    /// Rows are the elements of a set: added and removed, never changed. An addition beats a removal that had not
    /// seen it.
    case set
    /// Written by the hub, read by everyone else.
    case hubOnly = "hub-only"
    /// Written by the owner; what others write waits for the owner.
    case ownerOnly = "owner-only"

    /// Whether every step of a value counts, so that the change log may not fold them into one.
    public var keepsSteps: Bool { self == .state || self == .counter }

    /// Whether the value that the hub decides on may be another than the one that was sent to it.
    public var isDecidedByHub: Bool { self == .counter || self == .alloc }
}

/// Who may write a table.
public enum TableWriter: String, Sendable, CaseIterable {
    /// Every partner whose grant has the table's class in its write mask.
    case granted
    /// The hub alone.
    case hub
}

/// What bounds a row's readers: the kind of scope that its scope column names.
public enum ScopeKind: String, Sendable, CaseIterable {
    /// One scope for the whole network.
    case shared
    case partner
    case `case`
    case referral
    /// A question that names nobody.
    case enquiry
    /// One decision of the hub about two persons.
    case link
    /// What one partner keeps about one case for itself.
    case own
}

/// The SQLite type that a STRICT table declares for a column.
public enum ColumnType: String, Sendable, CaseIterable {
    case integer = "INTEGER"
    case real = "REAL"
    case text = "TEXT"
    case blob = "BLOB"
}

/// One column of a synced table. The key column `id` is not among them.
public struct ColumnDescription: Hashable, Sendable {
    public let name: String
    public let type: ColumnType
    /// The number of the group that the column belongs to, 0 to 61.
    public let group: UInt8

    public init(name: String, type: ColumnType, group: UInt8) {
        self.name = name
        self.type = type
        self.group = group
    }
}

/// Columns that only make sense together and therefore merge together.
public struct GroupDescription: Hashable, Sendable {
    /// 0 to 61, never reused.
    public let number: UInt8
    public let name: String
    public let policy: MergePolicy

    public init(number: UInt8, name: String, policy: MergePolicy) {
        self.number = number
        self.name = name
        self.policy = policy
    }
}

/// One synced table as the engine knows it: read from the manifest tables, never written in code.
public struct TableDescription: Hashable, Sendable {
    /// 1 to 65,535, never reused.
    public let number: UInt16
    public let name: String
    public let scopeKind: ScopeKind
    /// The column whose value is the row's scope; nil when the table is shared.
    public let scopeColumn: String?
    /// The bit of the disclosure class, 0 to 61.
    ///
    /// Where the rows have classes of their own, the one that protects most: a new row has it.
    public let disclosureClass: UInt8
    /// The column whose shown value decides the class of a row; nil where all rows have the table's.
    public let classColumn: String?
    public let writer: TableWriter
    /// Whether rows are only ever added.
    public let isAppendOnly: Bool
    /// In declared order, without the key.
    public let columns: [ColumnDescription]
    /// Ascending by number.
    public let groups: [GroupDescription]
    /// The foreign keys, each of one column.
    public let references: [Reference]
    /// How its rows ask for a unit and hold it; nil for most tables.
    public let allocation: Allocation?
    /// One bit for each group.
    public let allGroups: UInt64
    /// Whether its rows are the elements of a set: added and removed, never changed.
    public let isSet: Bool
    /// One bit for each group whose steps all count.
    public let steppedGroups: UInt64

    /// A column that holds the key of a row of another synced table.
    public struct Reference: Hashable, Sendable {
        /// The place of the column in `columns`; nil for the key itself.
        public let column: Int?
        public let table: UInt16

        public init(column: Int?, table: UInt16) {
            self.column = column
            self.table = table
        }
    }

    public init(
        number: UInt16, name: String, scopeKind: ScopeKind, scopeColumn: String?, disclosureClass: UInt8,
        classColumn: String? = nil, writer: TableWriter, isAppendOnly: Bool, columns: [ColumnDescription],
        groups: [GroupDescription],
        references: [Reference] = [], allocation: Allocation? = nil
    ) {
        self.number = number
        self.name = name
        self.scopeKind = scopeKind
        self.scopeColumn = scopeColumn
        self.disclosureClass = disclosureClass
        self.classColumn = classColumn
        self.writer = writer
        self.isAppendOnly = isAppendOnly
        self.columns = columns
        self.groups = groups
        self.references = references
        self.allocation = allocation
        allGroups = groups.reduce(0) { $0 | UInt64(1) << UInt64($1.number) }
        isSet = !groups.isEmpty && groups.allSatisfy { $0.policy == .set }
        steppedGroups = groups.filter(\.policy.keepsSteps).reduce(0) { $0 | UInt64(1) << UInt64($1.number) }
    }

    /// The places, in `columns`, of the columns that belong to the masked groups.
    public func columnIndexes(of mask: UInt64) -> [Int] {
        columns.indices.filter { mask & (UInt64(1) << UInt64(columns[$0].group)) != 0 }
    }

    /// The names of the columns that belong to the masked groups.
    public func columnNames(of mask: UInt64) -> [String] {
        columnIndexes(of: mask).map { columns[$0].name }
    }

    public func policy(of group: UInt8) -> MergePolicy? {
        groups.first { $0.number == group }?.policy
    }
}

/// Every synced table of a network, at one version of its schema.
public struct SchemaDescription: Hashable, Sendable {
    /// Counts the migrations applied.
    public let version: Int
    /// Ascending by number.
    public let tables: [TableDescription]
    private let byNumber: [UInt16: Int]

    public init(version: Int, tables: [TableDescription]) {
        self.version = version
        self.tables = tables.sorted { $0.number < $1.number }
        byNumber = Dictionary(
            self.tables.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(number: UInt16) -> TableDescription? {
        byNumber[number].map { tables[$0] }
    }
}
