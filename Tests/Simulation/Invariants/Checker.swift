/// One promise of the design that can be looked up in the files of a world at rest, and where it is looked up.
struct Checker: Sendable {
    /// The promise's number in the design.
    let number: Int
    let promise: String
    let check: @Sendable (Audit) throws -> [String]

    func complaints(_ audit: Audit) throws -> [String] {
        try check(audit).map { "invariant \(number) (\(promise)): \($0)" }
    }

    /// What is looked up at rest. Invariants 8, 11, 12, 15 and 18 are also watched while a world runs (`Watch.swift`).
    static let all: [Checker] = [
        Checker(number: 1, promise: "replicas equal what the hub lets them hold") { try $0.convergence() },
        Checker(number: 2, promise: "every edit is in exactly one place") { try $0.accounts() },
        Checker(number: 2, promise: "what was typed was sealed") { try $0.writings() },
        Checker(number: 2, promise: "an accepted value is shown, beside, or in history") { try $0.keptValues() },
        Checker(number: 3, promise: "nothing with a receipt is missing") { try $0.receipts() },
        Checker(number: 4, promise: "no word of a strange case in any file") { try $0.strangeWords() },
        Checker(number: 5, promise: "siblings are the maximal values of the true history") { try $0.siblings() },
        Checker(number: 6, promise: "every true conflict was opened, and stays until decided") {
            try $0.missedConflicts()
        },
        Checker(number: 7, promise: "no false conflict") { try $0.falseConflicts() },
        Checker(number: 8, promise: "positions never repeat") { try $0.positions() },
        Checker(number: 13, promise: "chains are whole, and two futures are two branches") { try $0.chains() },
        Checker(number: 14, promise: "a verdict does not depend on the carrier") { try $0.carriers() },
        Checker(number: 18, promise: "every file is sound") { try $0.soundness() },
        Checker(number: 19, promise: "no edit takes effect twice") { try $0.effects() },
        Checker(number: 20, promise: "allocations never overlap") { try $0.allocations() },
        Checker(number: 22, promise: "effective times lie in their windows") { try $0.times() },
    ]
}
