/// A row whose past somebody asks the hub about: what others wrote, of which the replica has the values alone.
public struct HistoryQuestion: Hashable, Sendable {
    public var table: UInt16
    public var key: Identifier
    /// Only what the hub decided on before this position; zero for the newest.
    public var before: Position

    public init(table: UInt16, key: Identifier, before: Position = .zero) {
        self.table = table
        self.key = key
        self.before = before
    }
}

/// What the hub answers to a ``HistoryQuestion``: each edit that it took of the row, as far as the asker may know it.
public struct HistoryAnswer: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        /// The newest first; and where to ask for those before, zero where there are none.
        case entries([Entry], before: Position)
        /// The device holds no such row: the same whether there is one or not.
        case unknown
        /// Another copy of this device has been here.
        case suspended
        /// The hub began a new epoch: sync first.
        case epochChanged(HubEpoch)
    }

    public enum Kind: UInt8, Hashable, Sendable {
        /// Somebody wrote it.
        case edit = 1
        /// The hub saw to it by itself.
        case hub = 2
        /// An operator's decision between values.
        case decision = 3
        /// An operator took a decision back.
        case undoing = 4
    }

    /// What became of one group of fields that an edit wrote.
    public enum End: UInt8, Hashable, Sendable {
        /// It wrote nothing itself: a decision that was taken back.
        case none = 0
        /// It is what the row says now.
        case stands = 1
        /// It stands beside what the row says now, and a person is asked to decide.
        case beside = 2
        /// A later edit took its place.
        case overtaken = 3
        /// A decision took its place.
        case decided = 4
    }

    /// What an edit wrote into one group of fields.
    public struct Cell: Hashable, Sendable {
        public var group: UInt8
        public var end: End
        /// In the order of the group's columns; nil where the device is not told.
        public var values: [Value]?

        public init(group: UInt8, end: End, values: [Value]?) {
            self.group = group
            self.end = end
            self.values = values
        }
    }

    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The asker's own.
        public static let mine = Flags(rawValue: 1)
        /// It counts since later than it came: it was released from quarantine, or shown again.
        public static let later = Flags(rawValue: 2)
        /// Its author's clock cannot be trusted.
        public static let clockSuspect = Flags(rawValue: 4)
        /// Its author had not seen another edit of the row, and the two merged by themselves.
        public static let parallel = Flags(rawValue: 8)
        /// A value of it lost to another that its author had not seen, and nobody is asked: it ends as overtaken.
        public static let passedOver = Flags(rawValue: 16)
    }

    public struct Entry: Hashable, Sendable {
        public var position: Position
        public var kind: Kind
        public var flags: Flags
        /// The code of the partner that wrote it; empty for the hub.
        public var partner: String
        /// The device's name; empty for the hub's, and for another partner's.
        public var device: String
        /// The staff member who was signed in; zero for nobody, and for another partner's.
        public var author: Identifier
        /// When it was typed, as far as the hub believes its device's clock; milliseconds since 1970.
        public var writtenMilliseconds: Int64
        /// When it came to the hub.
        public var receivedMilliseconds: Int64
        /// Why an operator decided so; empty where the device is not told.
        public var reason: String
        /// Ascending by group.
        public var cells: [Cell]

        public init(
            position: Position, kind: Kind, flags: Flags, partner: String, device: String, author: Identifier,
            writtenMilliseconds: Int64, receivedMilliseconds: Int64, reason: String, cells: [Cell]
        ) {
            self.position = position
            self.kind = kind
            self.flags = flags
            self.partner = partner
            self.device = device
            self.author = author
            self.writtenMilliseconds = writtenMilliseconds
            self.receivedMilliseconds = receivedMilliseconds
            self.reason = reason
            self.cells = cells
        }
    }

    /// The most entries in one answer.
    public static let entryLimit = 200
    /// The longest reason, in bytes.
    public static let reasonLimit = 4_096

    public var hubMilliseconds: Int64
    /// The ticket for the next request.
    public var ticket: [UInt8]
    public var body: Body

    public init(hubMilliseconds: Int64, ticket: [UInt8], body: Body) {
        self.hubMilliseconds = hubMilliseconds
        self.ticket = ticket
        self.body = body
    }
}

extension HistoryQuestion {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 32)
        out.byte(HistoryQuestion.version)
        out.varint(UInt64(table))
        out.identifier(key)
        out.zigzag(before.rawValue)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("history version") == HistoryQuestion.version else {
            throw FormatError(.unknownVersion, "history version")
        }
        table = UInt16(try input.count("history table", limit: Int(UInt16.max)))
        key = try input.identifier("history key")
        before = Position(try input.zigzag("history position"))
        guard before >= .zero else { throw FormatError(.malformed, "history position") }
        try input.end("history")
    }
}

extension HistoryAnswer {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 1_024)
        out.byte(HistoryAnswer.version)
        out.zigzag(hubMilliseconds)
        out.string(ticket)
        switch body {
        case .entries(let entries, let before):
            out.byte(1)
            out.zigzag(before.rawValue)
            out.varint(entries.count)
            for entry in entries { entry.encode(into: &out) }
        case .unknown:
            out.byte(2)
        case .suspended:
            out.byte(5)
        case .epochChanged(let epoch):
            out.byte(6)
            out.hubEpoch(epoch)
        }
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("history answer version") == HistoryAnswer.version else {
            throw FormatError(.unknownVersion, "history answer version")
        }
        hubMilliseconds = try input.zigzag("history hub clock")
        ticket = try input.string("history ticket", limit: 64)
        switch try input.byte("history answer kind") {
        case 1:
            let before = Position(try input.zigzag("history position"))
            var entries: [Entry] = []
            for _ in 0..<(try input.count("history entries", limit: HistoryAnswer.entryLimit)) {
                let entry = try Entry(from: &input)
                if let last = entries.last, last.position <= entry.position {
                    throw FormatError(.malformed, "history order")
                }
                entries.append(entry)
            }
            guard before >= .zero, entries.last.map({ before <= $0.position }) ?? true else {
                throw FormatError(.malformed, "history position")
            }
            body = .entries(entries, before: before)
        case 2: body = .unknown
        case 5: body = .suspended
        case 6: body = .epochChanged(try input.hubEpoch("history epoch"))
        default: throw FormatError(.unknownVersion, "history answer kind")
        }
        try input.end("history answer")
    }
}

extension HistoryAnswer.Entry {
    fileprivate func encode(into out: inout ByteWriter) {
        out.zigzag(position.rawValue)
        out.byte(kind.rawValue)
        out.byte(flags.rawValue)
        out.string(partner)
        out.string(device)
        out.identifier(author)
        out.zigzag(writtenMilliseconds)
        out.zigzag(receivedMilliseconds)
        out.string(reason)
        out.varint(cells.count)
        for cell in cells {
            out.byte(cell.group)
            out.byte(cell.end.rawValue)
            out.byte(cell.values == nil ? 0 : 1)
            if let values = cell.values { out.string(ValueList.encode(values)) }
        }
    }

    fileprivate init(from input: inout ByteReader) throws(FormatError) {
        position = Position(try input.zigzag("history entry position"))
        guard let kind = HistoryAnswer.Kind(rawValue: try input.byte("history entry kind")) else {
            throw FormatError(.unknownVersion, "history entry kind")
        }
        self.kind = kind
        flags = HistoryAnswer.Flags(rawValue: try input.byte("history flags"))
        partner = try input.text("history partner", limit: 64)
        device = try input.text("history device", limit: 1_024)
        author = try input.identifier("history author")
        writtenMilliseconds = try input.zigzag("history written")
        receivedMilliseconds = try input.zigzag("history received")
        reason = try input.text("history reason", limit: HistoryAnswer.reasonLimit)
        var cells: [HistoryAnswer.Cell] = []
        for _ in 0..<(try input.count("history cells", limit: 62)) {
            let group = try input.byte("history group")
            guard group < 62, cells.last.map({ $0.group < group }) ?? true else {
                throw FormatError(.malformed, "history group")
            }
            guard let end = HistoryAnswer.End(rawValue: try input.byte("history end")) else {
                throw FormatError(.unknownVersion, "history end")
            }
            switch try input.byte("history told") {
            case 0: cells.append(.init(group: group, end: end, values: nil))
            case 1:
                let bytes = try input.string("history values", limit: DecodeLimits.messageBytes)
                cells.append(.init(group: group, end: end, values: try ValueList.decode(bytes)))
            default: throw FormatError(.malformed, "history told")
            }
        }
        self.cells = cells
    }
}
