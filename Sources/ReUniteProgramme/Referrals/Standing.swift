import GRDB
import ReUniteReplica
import ReUniteSync

/// Where a referral stands, seen by one of its two partners, and the steps from there.
struct Standing {
    let id: Identifier
    let caseID: Identifier
    let from: Identifier
    let to: Identifier
    let kind: String
    var state: String
    /// SENDER or RECEIVER.
    let relation: String
    let partner: Identifier

    /// - Throws: ``Failure``: noInput when no referral fits, notPermitted when this partner is neither side.
    init(_ text: String, by partner: Identifier, what: String, in database: Database) throws {
        let id = try Lookup.referral(text, in: database)
        try self.init(id, by: partner, what: what, in: database)
    }

    init(_ id: Identifier, by partner: Identifier, what: String, in database: Database) throws {
        guard
            let row = try Row.fetchOne(
                database,
                sql: "SELECT case_id, from_partner_id, to_partner_id, kind, state FROM referral WHERE id = ?",
                arguments: [id.sqlBlob])
        else { throw Failure(.noInput, what: what, why: "the referral is not here", remedy: "Sync and try again") }
        self.id = id
        self.partner = partner
        caseID = row.identifier("case_id")
        // Empty until the hub has judged a new referral: it was made here.
        from = row["from_partner_id"] == nil ? partner : row.identifier("from_partner_id")
        to = row.identifier("to_partner_id")
        kind = row["kind"]
        state = row["state"]
        guard let side = Standing.side(of: partner, from: from, to: to) else {
            throw Failure(
                .notPermitted, what: what, why: "this partner is neither the sender nor the receiver",
                remedy: "Ask one of the two to take the step")
        }
        relation = side
    }

    static func side(of partner: Identifier, from: Identifier, to: Identifier) -> String? {
        if partner == from { return "SENDER" }
        return partner == to ? "RECEIVER" : nil
    }

    /// What this side may do now, open states first, and what each step waits for.
    func openSteps(in database: Database) throws -> [OpenStep] {
        try Standing.steps(from: state, relation: relation, in: database).map { step in
            OpenStep(
                state: step.state, label: step.label,
                waitsFor: try Guards.reasons(against: step.state, of: id, in: database))
        }
    }

    private static func steps(
        from state: String, relation: String, in database: Database
    ) throws -> [(state: String, label: String)] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT t.to_value, s.label FROM ru_transition t
                JOIN ru_state s ON s.tbl = t.tbl AND s.col = t.col AND s.value = t.to_value
                WHERE t.tbl = 'referral' AND t.col = 'state' AND t.from_value = ? AND t.relation = ?
                ORDER BY s.closed, s.rank
                """, arguments: [state, relation]
        ).map { ($0["to_value"], $0["label"]) }
    }

    /// - Throws: ``Failure`` (badData), naming the steps that are open, when this one is not.
    func require(_ next: String, what: String, in database: Database) throws {
        guard try !Standing.steps(from: state, relation: relation, in: database).contains(where: { $0.state == next })
        else { return }
        throw try illegal(next, what: what, in: database)
    }

    /// - Throws: ``Failure`` (badData) unless this partner is on the side that may do this.
    func require(side: String, what: String, in database: Database) throws {
        guard relation != side else { return }
        throw Failure(
            .badData, what: what, why: "only the \(side.lowercased()) does this", remedy: try remedy(in: database))
    }

    func illegal(_ next: String, what: String, in database: Database) throws -> Failure {
        Failure(
            .badData, what: what,
            why: "the referral is \(state), and from there the \(relation.lowercased()) cannot take it to \(next)",
            remedy: try remedy(in: database))
    }

    private func remedy(in database: Database) throws -> String {
        let open = try openSteps(in: database).map { step in
            step.waitsFor.isEmpty ? step.state : "\(step.state) (waits: \(step.waitsFor.joined(separator: "; ")))"
        }
        return open.isEmpty ? "No step is open to you now" : "Open to you now: \(open.joined(separator: ", "))"
    }

    /// The shortest way to a state along steps that are this side's alone; nil when another has to act in between,
    /// or when the referral is closed, for no side but the hub leads out of that.
    func path(to goal: String, in database: Database) throws -> [String]? {
        var seen: Set<String> = [state]
        var paths: [[String]] = [[]]
        while !paths.isEmpty {
            var longer: [[String]] = []
            for path in paths {
                for step in try Standing.steps(from: path.last ?? state, relation: relation, in: database) {
                    if step.state == goal { return path + [goal] }
                    guard seen.insert(step.state).inserted else { continue }
                    longer.append(path + [step.state])
                }
            }
            paths = longer
        }
        return nil
    }

    /// Takes one step: one UPDATE, so that the change log keeps it, and one line of the referral's history.
    ///
    /// - Parameters:
    ///   - reason: a code, and where its columns are: `decline` or `withdraw`.
    ///   - code: a code for the history alone.
    ///   - time: when it happened; nil for now.
    /// - Throws: ``Failure`` (badData) when something stands against the step; the hub would refuse it for the same.
    mutating func take(
        _ next: String, reason: (column: String, code: String, words: String?)? = nil, code: String? = nil,
        at time: Int64? = nil, what: String, in database: Database, now: Int64
    ) throws {
        try Guards.setClock(now, in: database)
        let against = try Guards.reasons(against: next, of: id, in: database)
        guard against.isEmpty else {
            throw Failure(
                .badData, what: what, why: "\(next) waits: \(against.joined(separator: "; "))",
                remedy: try remedy(in: database))
        }
        if let reason {
            try database.execute(
                sql: """
                    UPDATE referral SET state = ?, \(quoted(reason.column + "_reason")) = ?,
                      \(quoted(reason.column + "_text")) = ? WHERE id = ?
                    """, arguments: [next, reason.code, reason.words, id.sqlBlob])
        } else {
            try database.execute(sql: "UPDATE referral SET state = ? WHERE id = ?", arguments: [next, id.sqlBlob])
        }
        _ = try database.add(
            "referral_event",
            [
                "referral_id": id.sqlBlob, "from_state": state, "to_state": next, "actor_partner_id": partner.sqlBlob,
                "reason": reason?.code ?? code, "recorded_for_at": time ?? now, "entered_at": now,
            ])
        state = next
    }
}

/// What the schema says against a step (`ru_guard`): the hub refuses by the same view.
enum Guards {
    /// Lets the rules measure by this machine's clock until the engine sets it again.
    static func setClock(_ now: Int64, in database: Database) throws {
        try database.execute(sql: "UPDATE ru_now SET ms = ? WHERE ms <> ?", arguments: [now, now])
    }

    /// Sentences for people; empty when nothing stands against it.
    static func reasons(against state: String, of referral: Identifier, in database: Database) throws -> [String] {
        // The rules are long, and to prepare them takes longer than to ask them.
        let find = try database.cachedStatement(
            sql: "SELECT why FROM ru_guard WHERE tbl = 'referral' AND col = 'state' AND key = ? AND to_value = ?")
        return try String.fetchAll(find, arguments: [referral.sqlBlob, state])
    }
}
