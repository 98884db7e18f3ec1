import ReUniteSync

/// A day's work of a few offices: notes, visits, referrals, and changes of single columns, over invented words.
struct DailyMix {
    private var random: SeededRandom
    private var time: Int64 = 1_760_000_000_000
    private var cases: [Identifier] = []
    private var words: [String] = []
    private let workers: [String]

    /// Name and columns of each table, from number 1; `_id` names a key of another row.
    static let tables: [(name: String, columns: [String])] = [
        ("case_file", ["reference", "status", "priority", "opened_on", "worker", "next_review", "summary"]),
        ("case_note", ["case_id", "author", "written_at", "kind", "body"]),
        ("visit", ["case_id", "worker", "visited_on", "minutes", "place", "outcome", "is_safe", "summary"]),
        ("referral", ["case_id", "service", "status", "requested_on", "answered_on", "worker", "reason"]),
    ]

    static let layout = TestLayout(
        tables: Dictionary(
            uniqueKeysWithValues: tables.enumerated().map { index, table in
                (UInt16(index + 1), (0..<table.columns.count).map { UInt8($0) })
            }))

    init(seed: UInt64) {
        var random = SeededRandom(seed)
        let syllables = ["ba", "ren", "to", "mil", "sa", "con", "der", "ing", "ly", "pre", "tion", "es", "wor", "hel"]
        for _ in 0..<1_500 {
            words.append((0...(1 + random.below(2))).map { _ in random.pick(syllables) }.joined())
        }
        var names: [String] = []
        for _ in 0..<40 { names.append("\(random.pick(words)) \(random.pick(words))") }
        workers = names
        for _ in 0..<400 { cases.append(random.identifier(at: 1_750_000_000_000 + Int64(random.below(1 << 33)))) }
        self.random = random
    }

    private mutating func text(_ least: Int, _ most: Int) -> Value {
        var sentence: [String] = []
        for _ in 0..<(least + random.below(most - least)) {
            // Squaring makes early words frequent, as in speech.
            let place = Double(random.below(1_000)) / 1_000
            sentence.append(words[Int(place * place * Double(words.count))])
        }
        return .text(sentence.joined(separator: " ") + ".")
    }

    private mutating func date() -> Value {
        func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return .text("\(2025 + random.below(2))-\(pad(1 + random.below(12)))-\(pad(1 + random.below(28)))")
    }

    private mutating func value(_ column: String, caseID: Identifier) -> Value {
        switch column {
        case "case_id": .blob(caseID.bytes)
        case "reference": .text("RU-2026-\(100_000 + random.below(900_000))")
        case "status": .text(random.pick(["open", "open", "waiting", "housed", "closed"]))
        case "priority": .integer(Int64(1 + random.below(3)))
        case "minutes": .integer(Int64(10 + random.below(110)))
        case "is_safe": .integer(random.chance(90) ? 1 : 0)
        case "written_at": .integer(time)
        case "worker", "author": .text(random.pick(workers))
        case "kind": .text(random.pick(["visit", "call", "letter", "court"]))
        case "place": .text("\(random.pick(words)) Road")
        case "outcome": .text(random.pick(["seen", "not at home", "moved", "refused"]))
        case "service": .text(random.pick(["housing", "legal advice", "health", "school place"]))
        case "answered_on": random.chance(70) ? .null : date()
        case "body": text(30, 90)
        case "summary", "reason": text(6, 25)
        default: date()
        }
    }

    mutating func ops(_ count: Int) -> [Op] {
        (0..<count).map { _ in
            time += Int64(400 + random.below(60_000))
            let caseID = random.pick(cases)
            let pick = random.below(100)
            let table = pick < 45 ? 2 : pick < 65 ? 3 : pick < 72 ? 4 : 1
            let columns = DailyMix.tables[table - 1].columns
            let stamp = HybridTime(milliseconds: time + Int64(random.below(40)))
            if table == 1 && pick >= 74 {
                let column = 1 + random.below(columns.count - 1)
                return Op(
                    table: 1, key: caseID, kind: .set, groups: 1 << UInt64(column), stamp: stamp,
                    values: [value(columns[column], caseID: caseID)])
            }
            let key = random.identifier(at: time)
            if table == 1 { cases.append(key) }
            return Op(
                table: UInt16(table), key: key, kind: .create, groups: 1 << UInt64(columns.count) - 1, stamp: stamp,
                values: columns.map { value($0, caseID: caseID) })
        }
    }

    /// One JSON object a row and line, as a plain sync would send it.
    static func json(_ ops: [Op]) -> [UInt8] {
        var out = ""
        for op in ops {
            let table = tables[Int(op.table) - 1]
            out += #"{"t":"\#(table.name)","id":"\#(op.key)","hlc":\#(op.stamp.rawValue),"s":1,"v":{"#
            let columns = table.columns.enumerated().filter { op.groups >> UInt64($0.offset) & 1 == 1 }
            for (place, value) in op.values.enumerated() {
                if place > 0 { out += "," }
                out += #""\#(columns[place].element)":"#
                switch value {
                case .null: out += "null"
                case .integer(let integer): out += "\(integer)"
                case .real(let real): out += "\(real)"
                case .text(let text): out += #""\#(text)""#
                case .blob(let bytes): out += Identifier(bytes: bytes).map { #""\#($0)""# } ?? "null"
                }
            }
            out += "}}\n"
        }
        return Array(out.utf8)
    }

    /// The same changes as a hub delivers them.
    static func rows(_ ops: [Op]) -> [RowState] {
        ops.enumerated().map { index, op in
            let position = Position(500_000 + Int64(index))
            var clock = RowClock(stamp: op.kind == .create ? position : Position(Int64(op.key.low % 500_000)))
            if op.kind == .set { clock.set(UInt8(op.groups.trailingZeroBitCount), to: position) }
            var scope = op.key
            if op.table > 1, case .blob(let bytes)? = op.values.first { scope = Identifier(bytes: bytes) ?? scope }
            return RowState(
                table: op.table, key: op.key, scope: scope, clock: clock, groups: op.groups, echoed: 0,
                values: op.values)
        }
    }
}
