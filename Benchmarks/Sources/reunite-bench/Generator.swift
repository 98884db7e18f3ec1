import Foundation

/// Makes rows and updates from a seed. A copy is a snapshot: it goes on from the same state on its own.
struct Generator {
    private var random: SplitMix64
    private let text: TextGenerator
    private let workers: [String]
    /// Milliseconds since 1970; moves on with every change.
    private(set) var clock: Int64 = 1_735_700_000_000
    private var caseCount = 0
    private var cases: [Key] = []
    private var children: [Key] = []
    private var referrals: [Key] = []
    /// What the rows that get updated hold now, in the order of their keys above.
    private var caseFields: [[Field]] = []
    private var referralFields: [[Field]] = []

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let text = TextGenerator()
        workers = (0..<60).map { _ in "\(random.pick(text.names)) \(random.pick(text.names))" }
        self.random = random
        self.text = text
    }

    /// Goes on from the present state with another seed.
    mutating func reseed(_ seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// One row of the bulk mix, from a new case to a note.
    mutating func insert() -> Change {
        switch cases.isEmpty ? 0 : random.below(100) {
        case ..<10: makeCase()
        case ..<18: makeChild()
        case ..<28: makeReferral()
        case ..<68: makeNote()
        case ..<78: makeNeed()
        default: makeVisit()
        }
    }

    /// One change of a day's work.
    mutating func dailyChange() -> Change {
        switch random.below(100) {
        case ..<42: makeNote()
        case ..<60: makeVisit()
        case ..<66: makeReferral()
        case ..<70: makeNeed()
        case ..<72: makeCase()
        case ..<74: makeChild()
        default: update().change
        }
    }

    /// A new value for one column of a case or a referral, recent ones more often; and the whole row as it is then.
    mutating func update() -> (change: Change, row: [Field]) {
        clock += Int64(random.within(400...60_000))
        let ofCase = referrals.isEmpty || random.chance(0.7)
        let index = recent(ofCase ? cases.count : referrals.count)
        let table = ofCase ? BenchSchema.cases : BenchSchema.referrals
        let names =
            ofCase
            ? ["status", "next_review", "risk", "priority", "worker", "closing_reason", "summary", "household_size"]
            : ["status", "answered_on", "outcome", "assigned_to"]
        let name = names[random.weighted(ofCase ? [30, 25, 12, 10, 10, 3, 6, 4] : [45, 25, 20, 10])]
        let column = BenchSchema.tables[table].index(of: name)
        let old = ofCase ? caseFields[index][column] : referralFields[index][column]
        var value = newValue(of: name, inCase: ofCase)
        while value == old { value = newValue(of: name, inCase: ofCase) }
        let key = ofCase ? cases[index] : referrals[index]
        if ofCase { caseFields[index][column] = value } else { referralFields[index][column] = value }
        let change = Change(
            table: table, key: key, milliseconds: clock, content: .update(column: column, value))
        return (change, ofCase ? caseFields[index] : referralFields[index])
    }

    private mutating func newValue(of name: String, inCase: Bool) -> Field {
        switch name {
        case "status": .text(random.pick(inCase ? Vocabulary.caseStates : Vocabulary.referralStates))
        case "next_review", "answered_on": date()
        case "risk": .text(random.pick(Vocabulary.risks))
        case "priority": .integer(Int64(random.within(1...4)))
        case "worker", "assigned_to": worker()
        case "closing_reason": random.chance(0.2) ? .null : .text(random.pick(Vocabulary.closingReasons))
        case "summary": .text(text.text(60...180, &random))
        case "household_size": .integer(Int64(random.within(1...9)))
        default: .text(text.text(15...60, &random))
        }
    }

    // MARK: Rows

    private mutating func makeCase() -> Change {
        let key = makeKey()
        caseCount += 1
        let state = random.pick(Vocabulary.caseStates)
        let isClosed = state == "closed"
        let digits = String(1_000_000 + caseCount).dropFirst()
        let fields: [Field] = [
            .text("RU-\(2025 + caseCount % 2)-\(digits)"), small(1...8), .text(state), small(1...3), date(),
            isClosed ? date() : .null, worker(), .text(random.pick(Vocabulary.places)), small(1...8),
            .text(random.pick(Vocabulary.languages)), flag(0.9), .text(random.pick(Vocabulary.risks)), date(),
            isClosed ? .text("reunited") : .null, .text(text.text(60...180, &random)),
        ]
        cases.append(key)
        caseFields.append(fields)
        return inserted(BenchSchema.cases, key, fields)
    }

    private mutating func makeChild() -> Change {
        let key = makeKey()
        let fields: [Field] = [
            someCase(), .text(random.pick(text.names)), .text(random.pick(text.names)),
            .text(random.chance(0.5) ? "F" : "M"), date(), flag(0.4), name(), random.chance(0.6) ? name() : .null,
            place(), place(), date(), small(50...174),
            random.chance(0.5) ? .text(text.words(2...7, &random)) : .null,
        ]
        children.append(key)
        return inserted(BenchSchema.children, key, fields)
    }

    private mutating func makeReferral() -> Change {
        let key = makeKey()
        let state = random.pick(Vocabulary.referralStates)
        let fields: [Field] = [
            someCase(), someChild(1), .text(random.pick(Vocabulary.services)), .text(random.pick(Vocabulary.agencies)),
            .text(state), date(), state == "completed" ? date() : .null, small(1...3), worker(),
            .text(text.text(20...90, &random)), .null,
        ]
        referrals.append(key)
        referralFields.append(fields)
        return inserted(BenchSchema.referrals, key, fields)
    }

    private mutating func makeNote() -> Change {
        let key = makeKey()
        return inserted(
            BenchSchema.notes, key,
            [
                someCase(), worker(), .integer(clock), .text(random.pick(Vocabulary.noteKinds)),
                .text(text.text(200...600, &random)),
            ])
    }

    private mutating func makeNeed() -> Change {
        let key = makeKey()
        return inserted(
            BenchSchema.needs, key,
            [
                someCase(), .text(random.pick(Vocabulary.services)), .text(random.pick(Vocabulary.needStates)),
                small(1...5), date(), random.chance(0.3) ? date() : .null, .text(text.words(3...13, &random)),
            ])
    }

    private mutating func makeVisit() -> Change {
        let key = makeKey()
        return inserted(
            BenchSchema.visits, key,
            [
                someCase(), someChild(0.6), worker(), date(), small(10...119), place(),
                .text(random.pick(Vocabulary.outcomes)), flag(0.9), .text(text.text(40...160, &random)),
            ])
    }

    private func inserted(_ table: Int, _ key: Key, _ fields: [Field]) -> Change {
        Change(table: table, key: key, milliseconds: clock, content: .insert(fields))
    }

    // MARK: Values

    private mutating func makeKey() -> Key {
        clock += Int64(random.within(200...90_000))
        return Key(
            high: UInt64(clock) << 16 | 0x7000 | (random.next() & 0xfff),
            low: 0x8000_0000_0000_0000 | random.next() >> 2)
    }

    /// An index that is more likely to be near the end.
    private mutating func recent(_ count: Int) -> Int {
        let back = Int(random.exponential(mean: Double(count) * 0.15 + 1))
        return count - 1 - min(back, count - 1)
    }

    private mutating func someCase() -> Field { .key(cases[recent(cases.count)]) }

    private mutating func someChild(_ share: Double) -> Field {
        guard !children.isEmpty, random.chance(share) else { return .null }
        return .key(children[recent(children.count)])
    }

    private mutating func worker() -> Field {
        .text(workers[min(Int(random.exponential(mean: 12)), workers.count - 1)])
    }

    private mutating func name() -> Field { .text("\(random.pick(text.names)) \(random.pick(text.names))") }
    private mutating func place() -> Field { .text(random.pick(text.places)) }
    private mutating func small(_ range: ClosedRange<Int>) -> Field { .integer(Int64(random.within(range))) }
    private mutating func flag(_ share: Double) -> Field { .integer(random.chance(share) ? 1 : 0) }

    /// A day of 2024 to 2026 as ISO 8601 writes it; no month has more than 28 days here.
    private mutating func date() -> Field {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return .text("\(random.within(2024...2026))-\(two(random.within(1...12)))-\(two(random.within(1...28)))")
    }
}
