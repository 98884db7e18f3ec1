import Foundation
import Testing

/// One organisation's replica: an SQLite file, written to with the `sqlite3` shell and synced with the program.
struct Desk {
    let network: Network
    let file: String

    /// The tables that sync, as the file itself lists them.
    func tables() async throws -> [String] {
        try await sql("SELECT name FROM ru_table ORDER BY number").split(separator: "\n").map(String.init)
    }

    @discardableResult
    func sql(_ sql: String) async throws -> String {
        try await Shell.run(sql, file: file, in: network.folder, clock: network.clock)
    }

    /// Writes as a program does that has turned triggers off, so that no change log sees it.
    func pastTheLog(_ sql: String) async throws {
        _ = try await Shell.run(
            sql, file: file, in: network.folder, options: ["-cmd", ".dbconfig enable_trigger off"],
            clock: network.clock)
    }

    func count(_ what: String) async throws -> Int {
        let text = try await sql("SELECT count(*) FROM \(what)")
        return try #require(Int(text))
    }

    /// How many rows each synced table has; those without any left out.
    func counts() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in try await tables() {
            let count = try await count(table)
            if count > 0 { counts[table] = count }
        }
        return counts
    }

    func run(_ arguments: String...) async throws -> Ran {
        try await network.running(network.program, arguments + ["--replica", file]).finish()
    }

    /// Runs a command that must end with a status, and returns its JSON.
    @discardableResult
    func json(_ arguments: String..., status: Int32 = 0) async throws -> JSON {
        let all = arguments + ["--replica", file, "--json"]
        let ran = try await network.running(network.program, all).finish()
        try #require(ran.status == status, "\(ran)")
        return try ran.json()
    }

    /// Syncs; it must end with the status, and agree with the hub.
    @discardableResult
    func synced(status: Int32 = 0) async throws -> JSON {
        let report = try await json("sync", status: status)
        #expect(report["digest"].text == "match")
        return report
    }

    /// Every byte of the replica's files: the database, its log and what else lies beside it.
    func bytes() throws -> Data {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        let name = URL(fileURLWithPath: file).lastPathComponent
        var all = Data()
        for entry in try FileManager.default.contentsOfDirectory(atPath: folder.path) where entry.hasPrefix(name) {
            var isFolder: ObjCBool = false
            let path = folder.appendingPathComponent(entry)
            if FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder), !isFolder.boolValue {
                all += try Data(contentsOf: path)
            }
        }
        return all
    }

    func holds(_ marker: String) throws -> Bool {
        try bytes().range(of: Data(marker.utf8)) != nil
    }

    /// Writes a case with the shell alone: the woman, a child, a need and a note, each with the marker.
    @discardableResult
    func writeCase(_ marker: String) async throws -> WrittenCase {
        let id = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        try await sql(
            """
            BEGIN;
            INSERT INTO case_file(id, ref, cohort) VALUES(x'\(id)', '\(marker)', 'PRISON_LEAVER');
            INSERT INTO person(case_id, legal_first, known_as, date_of_birth)
              VALUES(x'\(id)', '\(marker)-first', '\(marker)-known', '1991-04-02');
            INSERT INTO child(case_id, first_name, date_of_birth) VALUES(x'\(id)', '\(marker)-child', '2019-06-30');
            INSERT INTO need(case_id, category, detail) VALUES(x'\(id)', 'ACCOMMODATION', '\(marker)-need');
            INSERT INTO case_note(case_id, body) VALUES(x'\(id)', '\(marker)-note');
            COMMIT;
            """)
        return WrittenCase(hex: id)
    }

    /// Refers a case to a partner, as far as the partner's being able to accept it. Returns the referral's id.
    func refer(_ written: WrittenCase, to partner: String) async throws -> String {
        try await json("consent", "give", written.id, "--partner", partner)
        let referral = try await json("referral", "create", written.id, "--to", partner).requireText("id")
        try await json("referral", "send", referral)
        try await synced()
        return referral
    }
}

struct WrittenCase {
    var hex: String
    /// The id as the program prints it.
    var id: String {
        var text = hex
        for place in [8, 13, 18, 23] { text.insert("-", at: text.index(text.startIndex, offsetBy: place)) }
        return text
    }
}
