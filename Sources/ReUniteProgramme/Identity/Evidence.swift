import Foundation

/// One thing that speaks for or against two records being one woman.
package struct Evidence: Hashable, Sendable, Encodable {
    /// The column, or `identifier` and its type.
    package let field: String
    /// How they agree: `same`, `short form`, `close`, `swapped`, `one digit` or `different`.
    package let how: String
    /// Bits: positive speaks for one woman, negative for two.
    package let weight: Double
}

/// The weights by which evidence is added up (I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", Journal of
/// the American Statistical Association 64, 1969).
///
/// For each way in which two records may agree stand two chances: `m`, that two records of one woman agree so, and `u`,
/// that two records of different women do. The weight is the logarithm to base 2 of m / u; weights of different fields
/// add up. The chances are set by judgement, not learnt: the network has no file of known pairs to learn from.
/// `docs/identity.md` explains them for the operator.
enum Weights {
    struct Chances {
        let m: Double
        let u: Double
        var weight: Double { log2(m / u) }
    }

    // About twenty thousand women, born on about ten thousand days.
    static let birthDate: [BirthDate.Agreement: Chances] = [
        .same: Chances(m: 0.93, u: 0.0001), .swapped: Chances(m: 0.01, u: 0.0001),
        .oneDigit: Chances(m: 0.03, u: 0.003), .different: Chances(m: 0.03, u: 0.9968),
    ]

    enum NameAgreement: Int, Comparable {
        case different, close, shortForm, same
        static func < (left: NameAgreement, right: NameAgreement) -> Bool { left.rawValue < right.rawValue }

        var word: String {
            switch self {
            case .different: "different"
            case .close: "close"
            case .shortForm: "short form"
            case .same: "same"
            }
        }
    }

    static let firstName: [NameAgreement: Chances] = [
        .same: Chances(m: 0.80, u: 0.01), .shortForm: Chances(m: 0.10, u: 0.005),
        .close: Chances(m: 0.03, u: 0.01), .different: Chances(m: 0.07, u: 0.975),
    ]
    // Women change their last names: a different one says less than a different first name.
    static let lastName: [NameAgreement: Chances] = [
        .same: Chances(m: 0.80, u: 0.003), .close: Chances(m: 0.06, u: 0.006),
        .different: Chances(m: 0.14, u: 0.991),
    ]

    static let identifier = (same: Chances(m: 0.95, u: 0.000_001), different: Chances(m: 0.05, u: 0.999_999))
    /// For numbers that were given to several people.
    static let sharedIdentifier = (same: Chances(m: 0.95, u: 0.01), different: Chances(m: 0.5, u: 0.99))

    /// From here on two records should be one: chance alone makes such a pair once in a hundred thousand networks.
    static let shouldJoin = 24.0
    /// From here on a person should look: a last name changed, a day and a month exchanged.
    static let worthALook = 15.0
}
