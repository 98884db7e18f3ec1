import ReUniteSync

/// Ops and rows of every shape, from a seed.
struct RandomDeltas {
    var random: SeededRandom
    private var known: [Identifier] = [.zero, Identifier(high: 1, low: .max)]
    private var time: Int64 = 1_750_000_000_000

    init(seed: UInt64) {
        random = SeededRandom(seed)
    }

    static let texts = [
        "", "a", "2026-02-28", "2026-02-30", "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31", "2026-2-3 ",
        "２０２６-01-01", "\u{0}", "line\nline\t\u{7F}", "👩‍👧‍👦 family", "é", "e\u{301}", "In custody", "open", "2026-01-01",
        String(repeating: "long ", count: 300), "\u{FEFF}bom", "2026/01/01",
    ]

    static let integers: [Int64] = [
        0, 1, -1, 63, 64, -64, -65, .max, .min, 1 << 53, 1_750_000_000_000, 281_474_976_710_655, 127, 128,
    ]

    static let reals: [Double] = [
        0, -0.0, 1, -1, 0.1, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
        9_007_199_254_740_991, 9_007_199_254_740_992, -9_007_199_254_740_992, 2.5,
    ]

    mutating func identifier() -> Identifier {
        switch random.below(10) {
        case 0...4: return random.pick(known)
        case 5: known.append(Identifier(high: random.next(), low: random.next()))
        default: known.append(random.identifier(at: time - Int64(random.below(1_000_000))))
        }
        return known[known.count - 1]
    }

    mutating func value(class kind: Int) -> Value {
        switch kind {
        case 0: .null
        case 1: .integer(random.pick(RandomDeltas.integers))
        case 2: .integer(time + Int64(random.below(1000)))
        case 3: .real(random.pick(RandomDeltas.reals))
        case 4: .text(random.pick(RandomDeltas.texts))
        case 5: .text("20\(10 + random.below(90))-0\(1 + random.below(9))-1\(random.below(10))")
        case 6: .blob(identifier().bytes)
        case 7: .blob((0..<random.below(40)).map { UInt8(truncatingIfNeeded: $0 * 7) })
        case 8: .real(Double(random.below(1000)))
        default: .text("\(random.next())")
        }
    }

    /// Values for a mask; each column keeps mostly to one class, so that every form of column is met.
    mutating func values(of groups: UInt64, in layout: [UInt8]?, mixed: Bool, salt: Int) -> [Value] {
        guard let layout else { return (0..<random.below(5)).map { _ in value(class: random.below(10)) } }
        var values: [Value] = []
        for (column, group) in layout.enumerated() where groups >> UInt64(group) & 1 == 1 {
            let kind = mixed ? random.below(10) : random.chance(10) ? 0 : (column + salt) % 10
            values.append(value(class: kind))
        }
        if random.chance(1) { values.append(.integer(1)) }
        return values
    }

    mutating func siblings() -> [SiblingName] {
        (0..<random.below(3)).map { _ in
            SiblingName(
                group: UInt8(random.below(64)),
                op: OpID(batch: identifier(), index: random.chance(10) ? .max : UInt32(random.below(300))))
        }
    }

    mutating func ops(_ count: Int) -> [Op] {
        let salt = random.below(10)
        let isOrdered = random.chance(50)
        var clock = HybridClock()
        return (0..<count).map { _ in
            time += Int64(random.below(3) * random.below(5000))
            let table = random.pick([1, 1, 1, 2, 2, 3, 9, 700, 12, 65_535] as [UInt16])
            let groups = random.chance(30) ? random.next() : random.chance(50) ? 0x3F : 1 << UInt64(random.below(64))
            var stamp = clock.tick(milliseconds: time)
            if !isOrdered && random.chance(10) { stamp = HybridTime(rawValue: random.next()) }
            var op = Op(
                table: table, key: identifier(), kind: random.pick(Op.Kind.allCases),
                flags: Op.Flags(rawValue: random.chance(80) ? 0 : UInt8(random.below(256))), groups: groups,
                stamp: stamp,
                values: values(
                    of: groups, in: TestLayout.sample.columnGroups(of: table), mixed: random.chance(5), salt: salt))
            if op.kind == .transit { op.from = value(class: random.below(10)) }
            if random.chance(5) {
                op.context = Op.Context(
                    cellBase: random.chance(50) ? Position(Int64(bitPattern: random.next())) : nil,
                    extras: (0..<random.below(3)).map { _ in
                        ExtraContext(device: identifier(), sequence: random.next(), batchTag: random.next())
                    }, kept: siblings(), supersedes: siblings())
            }
            return op
        }
    }

    mutating func rows(_ count: Int) -> [RowState] {
        let salt = random.below(10)
        return (0..<count).map { index in
            time += Int64(random.below(5000))
            let table = random.pick([1, 1, 2, 2, 3, 9, 700, 12] as [UInt16])
            let groups = random.chance(20) ? random.next() : 0x3F
            let key = identifier()
            let values = values(
                of: groups, in: TestLayout.sample.columnGroups(of: table), mixed: random.chance(5), salt: salt)
            var scope = random.pick([identifier(), key, .zero])
            for case .blob(let bytes) in values where random.chance(70) { scope = Identifier(bytes: bytes) ?? scope }
            var clock = RowClock(stamp: Position(random.chance(5) ? .min : Int64(index * 3 - 10)))
            for group in 0..<UInt8(random.chance(30) ? 64 : 0) where random.chance(5) {
                clock.exceptions.append(
                    RowClock.Exception(group: group, stamp: Position(random.chance(3) ? .max : Int64(index * 3))))
            }
            if random.chance(5) { clock.siblings = siblings() }
            return RowState(
                table: table, key: key, scope: scope, clock: clock, groups: groups,
                echoed: random.chance(80) ? 0 : random.next(), values: values)
        }
    }
}
