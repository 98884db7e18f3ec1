package import ReUniteSync

/// Which persons are one woman: the connected components of the links that say so and hold.
///
/// Worked out from the links anew each time, so that taking a link back leaves exactly what there was without it.
package struct IdentityClasses: Sendable {
    private let representatives: [Identifier: Identifier]
    private let different: Set<Pair>

    private struct Pair: Hashable {
        let lesser: Identifier
        let greater: Identifier

        init(_ left: Identifier, _ right: Identifier) {
            (lesser, greater) = left < right ? (left, right) : (right, left)
        }
    }

    package init(_ links: [PersonLink]) {
        var parents: [Identifier: Identifier] = [:]
        func root(_ person: Identifier) -> Identifier {
            var person = person
            while let parent = parents[person], parent != person { person = parent }
            return person
        }
        for link in links where link.decision == .same {
            let (left, right) = (root(link.a), root(link.b))
            // The lesser id stands for all.
            parents[max(left, right)] = min(left, right)
            for person in [link.a, link.b] where parents[person] == nil { parents[person] = person }
        }
        let known = parents.keys.map { ($0, root($0)) }
        let representatives = Dictionary(known, uniquingKeysWith: { first, _ in first })
        self.representatives = representatives
        different = Set(
            links.filter { $0.decision == .different }
                .map { Pair(representatives[$0.a] ?? $0.a, representatives[$0.b] ?? $0.b) })
    }

    /// The least id of all that are the same woman as this person.
    package func identity(of person: Identifier) -> Identifier { representatives[person] ?? person }

    package func areSame(_ left: Identifier, _ right: Identifier) -> Bool { identity(of: left) == identity(of: right) }

    /// Whether somebody decided that these two, or any that are the same as they, are two women.
    package func areDifferent(_ left: Identifier, _ right: Identifier) -> Bool {
        different.contains(Pair(identity(of: left), identity(of: right)))
    }

    /// Whether there is nothing left to suggest.
    func isDecided(_ left: Identifier, _ right: Identifier) -> Bool {
        areSame(left, right) || areDifferent(left, right)
    }
}
