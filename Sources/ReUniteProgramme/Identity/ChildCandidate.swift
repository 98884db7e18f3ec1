import GRDB
import ReUniteReplica
package import ReUniteSync

/// Two rows of one case that may be one child: typed at a prison and in the office, or before and after the birth.
package struct ChildCandidate: Hashable, Sendable {
    package let caseID: Identifier
    package let caseReference: String?
    /// The ids of the two rows, ascending.
    package let children: [Identifier]
    /// What agrees: `first_name`, `date_of_birth`, `expected_on`.
    package let agree: [String]

    private struct Child {
        let id: Identifier
        let first: NameKey?
        let born: BirthDate?
        let expected: BirthDate?
    }

    /// Every such pair, by case.
    static func all(in database: Database) throws -> [ChildCandidate] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT k.id, k.case_id, k.first_name, k.date_of_birth, k.expected_on, c.ref
                FROM child k LEFT JOIN case_file c ON c.id = k.case_id ORDER BY k.case_id, k.id
                """)
        var found: [ChildCandidate] = []
        var others: [Child] = []
        var caseID = Identifier.zero
        for row in rows {
            if row.identifier("case_id") != caseID {
                caseID = row.identifier("case_id")
                others = []
            }
            let child = Child(
                id: row.identifier("id"), first: NameKey(row["first_name"]), born: BirthDate(row["date_of_birth"]),
                expected: BirthDate(row["expected_on"]))
            for other in others {
                guard let agree = agreement(child, other) else { continue }
                found.append(
                    ChildCandidate(
                        caseID: caseID, caseReference: row["ref"], children: [other.id, child.id], agree: agree))
            }
            others.append(child)
        }
        return found
    }

    /// Nil when they are two children: twins share a day, brothers and sisters a name's sound at most.
    private static func agreement(_ left: Child, _ right: Child) -> [String]? {
        let names = areNamesAlike(left.first, right.first)
        if names == false { return nil }
        if let a = left.born, let b = right.born {
            guard names == true, a.isWithin(days: 1, of: b) || a.agreement(with: b) != .different else { return nil }
            return ["first_name", "date_of_birth"]
        }
        // A child expected and a child born about then.
        for (expected, born) in [(left.expected, right.born ?? right.expected), (right.expected, left.born)] {
            if let expected, let born, expected.isWithin(days: 45, of: born) {
                return (names == true ? ["first_name"] : []) + ["expected_on"]
            }
        }
        return names == true ? ["first_name"] : nil
    }

    /// Nil when one has no name yet.
    private static func areNamesAlike(_ left: NameKey?, _ right: NameKey?) -> Bool? {
        guard let left, let right else { return nil }
        if left.isSame(as: right) || left.isClose(to: right) { return true }
        return !Set(ShortForms.roots(of: left.parts[0])).isDisjoint(with: ShortForms.roots(of: right.parts[0]))
    }
}
