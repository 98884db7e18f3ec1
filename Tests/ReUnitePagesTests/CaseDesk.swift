import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport

/// A desk of the Re-Unite network with one invented case, whose referral was sent.
struct CaseDesk: Sendable {
    static let noon: Int64 = 1_795_262_400_000

    let desk: TestDesk
    let id: String
    var replica: Replica { desk.replica }

    /// - Parameter more: migrations after the network's own.
    init(more: [NetworkSchema.Migration] = []) throws {
        let network = NetworkSchema(
            migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) } + more)
        desk = try TestDesk(network: network)
        desk.time.set(wall: CaseDesk.noon + 26 * 3_600_000)
        let here = TestDesk.room
        try desk.replica.database.write { database in
            // As if the hub had sent them: this connection has no triggers.
            try database.execute(sql: Schemas.reference)
            let partners: [(Identifier, String)] = [(here, "SRY"), (Identifier(high: 3, low: 7), "GLS")]
            for (id, code) in partners {
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name, area) VALUES(?, ?, ?, ?)",
                    arguments: [id.sqlBlob, code, "Centre \(code)", code])
            }
        }
        id = try desk.replica.edit("Writing") { database in
            let new = NewCase(
                person: .init(
                    legalFirst: "Mfirst", legalLast: "Mlast", knownAs: "Mknown", dateOfBirth: "1990-02-28"),
                children: [.init(firstName: "Mchild", dateOfBirth: "2015-06-01")],
                needs: [NewNeed(category: "ACCOMMODATION", detail: "Mneed")])
            let id = try CaseFiles.create(new, by: here, in: database, now: CaseDesk.noon).id
            try CaseNotes.add(NewNote(body: "Mnote"), to: id, in: database, now: CaseDesk.noon)
            try Consents.give(
                NewConsent(
                    purpose: "SHARE_WITH_PARTNER", partner: "GLS", method: "SIGNED_FORM", recordedFor: CaseDesk.noon),
                for: id, in: database, now: CaseDesk.noon)
            _ = try Referrals.create(
                NewReferral(to: "GLS", neededFrom: "2027-01-15", releaseDate: "2027-01-14"), of: id, by: here,
                in: database, now: CaseDesk.noon)
            return id
        }
        // What the hub asks, as it comes from it.
        try write(
            """
            INSERT INTO own_file(case_id, partner_id) SELECT id, \(TestDesk.roomLiteral) FROM case_file;
            INSERT INTO conflict_question(own_file_id, about_scope, tbl, row_id, col, question, asked_at)
              SELECT f.id, f.case_id, 'person', p.id, 'legal_first', 'Mquestion, in words?', \(CaseDesk.noon)
              FROM own_file f JOIN person p ON p.case_id = f.case_id
            """)
    }

    /// The first row's id of a table of the case.
    func first(_ table: String) throws -> String {
        try replica.read("Reading") { database in
            try Row.fetchOne(database, sql: "SELECT id FROM \(quoted(table)) ORDER BY id LIMIT 1")?.identifier("id")
                ?? .zero
        }.description
    }

    func text(_ sql: String) throws -> String? {
        try replica.read("Reading") { try String.fetchOne($0, sql: sql) }
    }

    func count(_ sql: String) throws -> Int {
        try replica.read("Reading") { try Int.fetchOne($0, sql: sql) } ?? 0
    }

    /// Changes the file behind the triggers' back.
    func write(_ sql: String, _ arguments: StatementArguments = []) throws {
        try replica.database.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// Puts a text into a column of every row that takes it; false when none does.
    func plant(_ text: String, in table: String, _ column: String) throws -> Bool {
        try replica.database.write { database in
            try database.execute(
                sql: "UPDATE OR IGNORE \(quoted(table)) SET \(quoted(column)) = ?", arguments: [text])
            return database.changesCount > 0
        }
    }
}
