import ReUniteSync

/// How much speaks for two records being one woman.
struct PairScore {
    private(set) var evidence: [Evidence] = []
    /// Types of identifier of which each record has valid ones, and none in common: two women, or one wrong number.
    private(set) var fractures: [IdentifierType] = []
    private var hasSharedIdentifier = false

    init(_ left: WomanRecord, _ right: WomanRecord) {
        note("first_name", PairScore.firstName(left, right), Weights.firstName)
        note("last_name", PairScore.lastName(left, right), Weights.lastName)
        if let a = left.birthDate, let b = right.birthDate {
            let agreement = a.agreement(with: b)
            let word =
                switch agreement {
                case .same: "same"
                case .swapped: "swapped"
                case .oneDigit: "one digit"
                case .different: "different"
                }
            note("date_of_birth", word, Weights.birthDate[agreement])
        }
        for type in IdentifierType.allCases {
            guard let a = left.identifiers[type], let b = right.identifiers[type] else { continue }
            let isShared = !a.isDisjoint(with: b)
            let weights = type.isUnique ? Weights.identifier : Weights.sharedIdentifier
            note(
                "identifier \(type.rawValue)", isShared ? "same" : "different",
                isShared ? weights.same : weights.different)
            if type.isUnique, isShared { hasSharedIdentifier = true }
            if type.isUnique, !isShared { fractures.append(type) }
        }
    }

    var total: Double { evidence.reduce(0) { $0 + $1.weight } }

    /// Nil when chance explains it.
    var verdict: Candidate.Verdict? {
        if total >= Weights.shouldJoin, fractures.isEmpty { return .shouldJoin }
        // One number in two records needs a person even where all else differs: one of them has the wrong number.
        return total >= Weights.worthALook || hasSharedIdentifier ? .worthALook : nil
    }

    private mutating func note(_ field: String, _ how: String, _ chances: Weights.Chances?) {
        guard let chances else { return }
        evidence.append(Evidence(field: field, how: how, weight: (chances.weight * 10).rounded() / 10))
    }

    private mutating func note(
        _ field: String, _ agreement: Weights.NameAgreement?, _ chances: [Weights.NameAgreement: Weights.Chances]
    ) {
        guard let agreement else { return }
        note(field, agreement.word, chances[agreement])
    }

    /// The best agreement of any of her first names with any of the other's; nil where one has none.
    private static func firstName(_ left: WomanRecord, _ right: WomanRecord) -> Weights.NameAgreement? {
        best(left.firstNames.indices, right.firstNames.indices) { a, b in
            if left.firstNames[a].isSame(as: right.firstNames[b]) { return .same }
            if !left.firstRoots[a].isDisjoint(with: right.firstRoots[b]) { return .shortForm }
            return left.firstNames[a].isClose(to: right.firstNames[b]) ? .close : .different
        }
    }

    private static func lastName(_ left: WomanRecord, _ right: WomanRecord) -> Weights.NameAgreement? {
        best(left.lastNames.indices, right.lastNames.indices) { a, b in
            if left.lastNames[a].isSame(as: right.lastNames[b]) { return .same }
            return left.lastNames[a].isClose(to: right.lastNames[b]) ? .close : .different
        }
    }

    private static func best(
        _ left: Range<Int>, _ right: Range<Int>, _ agreement: (Int, Int) -> Weights.NameAgreement
    ) -> Weights.NameAgreement? {
        var best: Weights.NameAgreement?
        for a in left {
            for b in right {
                let found = agreement(a, b)
                if best.map({ found > $0 }) ?? true { best = found }
            }
        }
        return best
    }
}
