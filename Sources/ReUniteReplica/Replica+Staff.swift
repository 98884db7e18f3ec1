public import ReUniteSync

extension Replica {
    /// The staff member who is signed in on this device; nil where nobody is.
    public func signedIn() throws -> Identifier? {
        let staff = try facts().staff
        return staff == .zero ? nil : staff
    }

    /// From now on what is written here is written in a staff member's name, or in nobody's in particular. What was
    /// written until now is sealed first, in the name of whoever was signed in then.
    ///
    /// - Parameter staff: the staff member's id; nil signs out.
    public func sign(in staff: Identifier?) throws {
        let (facts, sealed) = try transaction("Signing in") { database in
            var facts = try ReplicaFacts(database)
            let report = try seal(database, &facts)
            facts.staff = staff ?? .zero
            try facts.save(database)
            return (facts, report.batches)
        }
        if sealed > 0 { try witness(facts) }
    }
}
