/// A step that somebody asks about before it is taken: what would it open, and what would it close?
public struct StepQuestion: Hashable, Sendable {
    public var table: UInt16
    public var key: Identifier
    /// The group of the column with the state.
    public var group: UInt8
    /// The state that the row would come to.
    public var to: String

    /// The longest name of a state, in bytes.
    static let stateLimit = 64

    public init(table: UInt16, key: Identifier, group: UInt8, to: String) {
        self.table = table
        self.key = key
        self.group = group
        self.to = to
    }
}

/// What the hub answers to a ``StepQuestion`` of a device's.
public struct PreviewAnswer: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        /// From which state the row would come, and what would move.
        case moves(from: String, [Move])
        /// The device holds no such row: the same whether there is one or not.
        case unknown
        /// No step leads there from this state; these are open to the device's partner, to the other side or the hub.
        case notOpen(from: String, open: [String])
        /// Another copy of this device has been here.
        case suspended
        /// The hub began a new epoch: sync first.
        case epochChanged(HubEpoch)
    }

    /// What one partner would gain and lose.
    public struct Move: Hashable, Sendable {
        /// The partner's code.
        public var partner: String
        public var gains: Count
        public var loses: Count
        /// Edits that the devices concerned last said they had not sent.
        public var unsent: UInt64
        /// Which devices; nil for a partner that is not the asker's own.
        public var devices: [Device]?

        public init(partner: String, gains: Count, loses: Count, unsent: UInt64, devices: [Device]?) {
            self.partner = partner
            self.gains = gains
            self.loses = loses
            self.unsent = unsent
            self.devices = devices
        }
    }

    /// So many rows, on so many devices.
    public struct Count: Hashable, Sendable {
        public var rows: UInt64
        public var devices: UInt64

        public init(rows: UInt64, devices: UInt64) {
            self.rows = rows
            self.devices = devices
        }
    }

    public struct Device: Hashable, Sendable {
        public var id: Identifier
        public var name: String
        public var role: String
        public var gains: UInt64
        public var loses: UInt64
        /// Milliseconds since 1970 by the hub's clock; nil before the first contact.
        public var lastSeenMilliseconds: Int64?
        public var unsent: UInt64

        public init(
            id: Identifier, name: String, role: String, gains: UInt64, loses: UInt64, lastSeenMilliseconds: Int64?,
            unsent: UInt64
        ) {
            self.id = id
            self.name = name
            self.role = role
            self.gains = gains
            self.loses = loses
            self.lastSeenMilliseconds = lastSeenMilliseconds
            self.unsent = unsent
        }
    }

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

extension StepQuestion {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 96)
        out.byte(StepQuestion.version)
        out.varint(UInt64(table))
        out.identifier(key)
        out.byte(group)
        out.string(to)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("preview version") == StepQuestion.version else {
            throw FormatError(.unknownVersion, "preview version")
        }
        table = UInt16(try input.count("preview table", limit: Int(UInt16.max)))
        key = try input.identifier("preview key")
        group = try input.byte("preview group")
        to = try input.text("preview state", limit: StepQuestion.stateLimit)
        try input.end("preview")
    }
}

extension PreviewAnswer {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 256)
        out.byte(PreviewAnswer.version)
        out.zigzag(hubMilliseconds)
        out.string(ticket)
        switch body {
        case .moves(let from, let moves):
            out.byte(1)
            out.string(from)
            out.varint(moves.count)
            for move in moves { move.encode(into: &out) }
        case .unknown:
            out.byte(2)
        case .notOpen(let from, let open):
            out.byte(3)
            out.string(from)
            out.varint(open.count)
            for state in open { out.string(state) }
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
        guard try input.byte("preview answer version") == PreviewAnswer.version else {
            throw FormatError(.unknownVersion, "preview answer version")
        }
        hubMilliseconds = try input.zigzag("preview hub clock")
        ticket = try input.string("preview ticket", limit: 64)
        switch try input.byte("preview answer kind") {
        case 1:
            let from = try input.text("preview state", limit: StepQuestion.stateLimit)
            var moves: [Move] = []
            for _ in 0..<(try input.count("preview partners", limit: 1_000)) { moves.append(try Move(from: &input)) }
            body = .moves(from: from, moves)
        case 2:
            body = .unknown
        case 3:
            let from = try input.text("preview state", limit: StepQuestion.stateLimit)
            var open: [String] = []
            for _ in 0..<(try input.count("preview steps", limit: 1_000)) {
                open.append(try input.text("preview step", limit: StepQuestion.stateLimit))
            }
            body = .notOpen(from: from, open: open)
        case 5:
            body = .suspended
        case 6:
            body = .epochChanged(try input.hubEpoch("preview epoch"))
        default:
            throw FormatError(.unknownVersion, "preview answer kind")
        }
        try input.end("preview answer")
    }
}

extension PreviewAnswer.Move {
    fileprivate func encode(into out: inout ByteWriter) {
        out.string(partner)
        for count in [gains, loses] {
            out.varint(count.rows)
            out.varint(count.devices)
        }
        out.varint(unsent)
        out.byte(devices == nil ? 0 : 1)
        guard let devices else { return }
        out.varint(devices.count)
        for device in devices {
            out.identifier(device.id)
            out.string(device.name)
            out.string(device.role)
            out.varint(device.gains)
            out.varint(device.loses)
            out.zigzag(device.lastSeenMilliseconds ?? 0)
            out.varint(device.unsent)
        }
    }

    fileprivate init(from input: inout ByteReader) throws(FormatError) {
        partner = try input.text("preview partner", limit: 64)
        gains = PreviewAnswer.Count(
            rows: try input.varint("preview gains"), devices: try input.varint("preview gaining devices"))
        loses = PreviewAnswer.Count(
            rows: try input.varint("preview losses"), devices: try input.varint("preview losing devices"))
        unsent = try input.varint("preview unsent")
        switch try input.byte("preview own") {
        case 0: devices = nil
        case 1:
            var own: [PreviewAnswer.Device] = []
            for _ in 0..<(try input.count("preview devices", limit: 10_000)) {
                own.append(try PreviewAnswer.Device(from: &input))
            }
            devices = own
        default: throw FormatError(.malformed, "preview own")
        }
    }
}

extension PreviewAnswer.Device {
    fileprivate init(from input: inout ByteReader) throws(FormatError) {
        id = try input.identifier("preview device")
        name = try input.text("preview device name", limit: 1_024)
        role = try input.text("preview device role", limit: 32)
        gains = try input.varint("preview device gains")
        loses = try input.varint("preview device losses")
        let seen = try input.zigzag("preview device seen")
        lastSeenMilliseconds = seen == 0 ? nil : seen
        unsent = try input.varint("preview device unsent")
    }
}
