public import ReUniteSync

/// The people who decide at the hub's console. Each signs in with a code of their own, and what they see of anybody and
/// what they do is on the audit log under their id (`docs/console.md`).
extension Hub {
    /// Somebody who may sign in, or might once.
    public struct Operator: Hashable, Sendable, Encodable {
        public var id: Identifier
        public var name: String
        public var addedMilliseconds: Int64
        /// Since when they may not any more; nil while they may.
        public var endedMilliseconds: Int64?

        private enum CodingKeys: String, CodingKey {
            case id, name
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id.description, forKey: .id)
            try container.encode(name, forKey: .name)
        }
    }

    /// Everybody who ever could sign in, by name.
    public func operators() throws -> [Operator] {
        try store.operators()
    }

    /// Lets somebody sign in, or gives them a new code in place of the one before.
    ///
    /// - Parameter name: 2 to 100 characters. It stands beside everything that they decide.
    /// - Returns: the code, which is kept nowhere, and can be used until another takes its place.
    /// - Throws: ``Failure`` (usage) for a name that is none.
    public func admit(operator name: String) throws -> (operator: Operator, code: String) {
        let name = try Hub.name(name, "Adding the operator", option: nil)
        var generator = SystemRandomNumberGenerator()
        let code = EnrolmentCode.make(using: &generator)
        let admitted = try store.admit(
            operator: name, id: randomness(), verifier: code.verifier.key, atMilliseconds: time.wallMilliseconds)
        return (admitted, code.text)
    }

    /// Lets somebody sign in no more. A console that is open asks again with the next page.
    ///
    /// - Throws: ``Failure`` (noInput) when nobody of that name may.
    public func end(operator name: String) throws -> Operator {
        guard
            let ended = try store.end(
                operator: TypedText.trimmed(name), atMilliseconds: time.wallMilliseconds)
        else {
            throw Failure(
                .noInput, what: "Ending the operator", why: "nobody of that name may sign in",
                remedy: "Look at who may with 'hub operator list'")
        }
        return ended
    }

    /// Who it is, if the code is theirs; on record.
    public func signIn(operator name: String, code: String) throws -> Operator? {
        guard let code = EnrolmentCode(code) else { return nil }
        return try store.signIn(
            operator: TypedText.trimmed(name), verifier: code.verifier.key, atMilliseconds: time.wallMilliseconds)
    }

    /// Records that somebody gave a name and a code that do not belong together: not which.
    public func noteRefusedSignIn() throws {
        try store.note(
            AuditRecord(
                .operatorSignInRefused, atMilliseconds: time.wallMilliseconds, [.word(.code, "console")]))
    }

    public func noteSignOut(of person: Operator) throws {
        try store.note(
            AuditRecord(.operatorSignedOut, atMilliseconds: time.wallMilliseconds, [.id(.subject, person.id)]))
    }

    /// Records that an operator saw something of somebody.
    ///
    /// - Parameters:
    ///   - person: who had signed in; nil at the command line of the hub's own machine, where nobody does.
    ///   - page: what kind of page, a fixed word.
    ///   - scope: whose; nil for a list of several.
    ///   - question: the conflict, edit or two rows alike that the page asks about; nil where it asks nothing.
    public func noteView(
        by person: Operator? = nil, of page: String, scope: Identifier? = nil, question: Identifier? = nil
    ) throws {
        try store.note(
            AuditRecord(
                .viewed, atMilliseconds: time.wallMilliseconds,
                [.word(.code, page)] + (person.map { [.id(.subject, $0.id)] } ?? [])
                    + (scope.map { [.id(.scope, $0)] } ?? [])
                    + (question.map { [.id(.question, $0)] } ?? [])))
    }
}
