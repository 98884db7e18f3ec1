import Foundation
import GRDB
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport

@testable import ReUniteProgramme

/// A replica's file with two invented women's centres, as one of them would open it: triggers capture what is written.
/// The file is removed when the network is gone.
final class Network {
    static let surrey = Identifier(high: 3, low: 0x535259)
    static let gloucestershire = Identifier(high: 3, low: 0x474C53)
    static let derby = Identifier(high: 3, low: 0x444259)
    /// 21 November 2026, 12:00:00 UTC.
    static let noon: Int64 = 1_795_262_400_000

    let database: DatabaseQueue
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let path = folder.file("replica.sqlite")
        try FileManager.default.copyItem(atPath: try Network.template.get().file("replica.sqlite"), toPath: path)
        database = try EngineDatabase.open(path: path, role: .application, label: "test")
    }

    deinit {
        try? database.close()
    }

    /// The file before anything happened, made once and then copied.
    private static let template = Result { try newFile() }

    private static func newFile() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let database = try EngineDatabase.open(
            path: folder.file("replica.sqlite"), role: .application, label: "template", isNew: true)
        try database.immediately { database in
            try EngineTables.replica.install(in: database)
            let network = NetworkSchema(migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) })
            try SchemaInstaller.migrate(database, to: network, atMilliseconds: Network.noon)
            try database.execute(sql: Schemas.reference)
            let partners: [(Identifier, String, String)] = [
                (Network.surrey, "SRY", "Willow House"), (Network.gloucestershire, "GLS", "Severn Women's Centre"),
                (Network.derby, "DBY", "Derwent Women's Centre"),
            ]
            for (id, code, name) in partners {
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name, area) VALUES(?, ?, ?, ?)",
                    arguments: [id.sqlBlob, code, name, code])
            }
            try CaptureTriggers.install(try ManifestReader.read(database), in: database)
        }
        try database.close()
        return folder
    }

    func edit<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try database.immediately(body)
    }

    /// Runs a body that must fail inside a transaction that is committed all the same, and checks nothing by itself:
    /// what a half-done action left behind would be there to see.
    func failure(_ body: (Database) throws -> Void) throws -> Failure? {
        try edit { database in
            do {
                try body(database)
                return nil
            } catch let failure as Failure {
                return failure
            }
        }
    }

    /// How many lines the change log has, both stages.
    func logged() throws -> [Int] {
        try edit { database in
            try ["ru_journal", "ru_values"].map {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? -1
            }
        }
    }

    /// The steps of the referral's state column in the order in which they were captured.
    func steps() throws -> [String] {
        try edit { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT old || '>' || new FROM ru_values WHERE tbl = (SELECT number FROM ru_table WHERE name = 'referral')
                      AND grp = (SELECT grp FROM ru_column WHERE tbl = 'referral' AND name = 'state') ORDER BY seq
                    """)
        }
    }

    /// A case of Surrey's with a marker in every table.
    func markedCase() throws -> CaseSummary {
        try edit { database in
            var new = NewCase(
                person: .init(
                    legalFirst: "Mfirst", legalLast: "Mlast", knownAs: "Mknown", dateOfBirth: "1990-02-28"),
                children: [.init(firstName: "Mchild", dateOfBirth: "2015-06-01", livesWith: "Mgrandmother")],
                needs: [NewNeed(category: "ACCOMMODATION", detail: "Mneed")])
            new.person.nationality = "Mnationality"
            let summary = try CaseFiles.create(new, by: Network.surrey, in: database, now: Network.noon)
            try CaseNotes.add(NewNote(body: "Mnote"), to: summary.id, in: database, now: Network.noon)
            return summary
        }
    }

    /// Consent to share with a partner.
    @discardableResult
    func consent(_ id: String, to code: String = "GLS", at time: Int64 = Network.noon) throws -> ConsentSummary {
        try edit {
            try Consents.give(
                NewConsent(purpose: "SHARE_WITH_PARTNER", partner: code, method: "SIGNED_FORM", recordedFor: time),
                for: id, in: $0, now: Network.noon)
        }
    }

    func draft(_ id: String, to code: String = "GLS") throws -> ReferralSummary {
        try edit {
            try Referrals.create(
                NewReferral(to: code, neededFrom: "2027-01-15", releaseDate: "2027-01-14"), of: id,
                by: Network.surrey, in: $0, now: Network.noon)
        }
    }

    /// A referral to Gloucestershire that has been sent.
    func sent() throws -> ReferralSummary {
        let summary = try markedCase()
        try consent(summary.id)
        let referral = try draft(summary.id)
        return try edit { try Referrals.send(referral.id, by: Network.surrey, in: $0, now: Network.noon) }
    }
}
