import Foundation
import ReUniteSync

/// The story that the demo plays: each step says what happens, and what that proves.
struct DemoStory {
    /// Whether one replica holds what the hub says it should.
    struct Agreement: Encodable {
        var name: String
        var agrees: Bool
        var rows: Int
        var cursor: Int
        var hubPosition: Int
    }

    private let stage: DemoStage
    private let isQuiet: Bool
    private var number = 0
    /// The field laptop's id, by which an office puts cases on it.
    private var laptopID = ""

    private static let surrey = "surrey-office.sqlite"
    private static let laptop = "surrey-laptop.sqlite"
    private static let gloucestershire = "gloucestershire-office.sqlite"
    private static let devices = [
        (file: surrey, partner: "SRY", name: "Surrey office", role: "office"),
        (file: laptop, partner: "SRY", name: "Surrey field laptop", role: "field"),
        (file: gloucestershire, partner: "GLS", name: "Gloucestershire office", role: "office"),
    ]
    /// Words that must never be found in Gloucestershire's files.
    private static let marker = "unrelated-and-confidential"

    init(stage: DemoStage, isQuiet: Bool) {
        self.stage = stage
        self.isQuiet = isQuiet
    }

    mutating func play() throws -> [Agreement] {
        try open()
        try write()
        let referral = try refer()
        try accept(referral)
        try editOffline()
        return try agree()
    }

    // MARK: Steps

    private mutating func open() throws {
        step("A hub and two partner organisations")
        _ = try hub(["init", "--name", "Demo network"])
        _ = try hub(["partner", "add", "SRY", "--name", "Surrey Women's Centre", "--area", "SRY"])
        _ = try hub(["partner", "add", "GLS", "--name", "Gloucestershire Women's Centre", "--area", "GLS"])
        let url = try stage.serve()
        promise("the hub serves at \(url), in a process of its own")
        for device in DemoStory.devices {
            let invitation = try hub(
                ["device", "enrol", device.partner, "--name", device.name, "--role", device.role])
            let code = invitation["code"] as? String ?? ""
            if device.role == "field" { laptopID = invitation["device"] as? String ?? "" }
            _ = try stage.run(
                ["join", url, "--code", code, "--name", device.name, "--replica", stage.path(device.file)])
            try sync(device.file)
        }
        promise("three devices joined with one-time codes and hold the network's shared lists")
    }

    private mutating func write() throws {
        step("Surrey writes a case, with nothing but the sqlite3 shell")
        try stage.sql(
            DemoStory.surrey,
            """
            INSERT INTO case_file(ref) VALUES('SRY-26-0042-M');
            INSERT INTO person(case_id, known_as, legal_first, legal_last, date_of_birth)
              SELECT id, 'Maya', 'Maya', 'Example', '1991-04-02' FROM case_file WHERE ref = 'SRY-26-0042-M';
            INSERT INTO child(case_id, first_name, date_of_birth)
              SELECT id, 'Ella', '2019-06-30' FROM case_file WHERE ref = 'SRY-26-0042-M';
            INSERT INTO need(case_id, category, detail)
              SELECT id, 'ACCOMMODATION', 'two bedrooms' FROM case_file WHERE ref = 'SRY-26-0042-M';
            INSERT INTO case_file(ref) VALUES('SRY-26-0043-N');
            INSERT INTO person(case_id, known_as)
              SELECT id, '\(DemoStory.marker)' FROM case_file WHERE ref = 'SRY-26-0043-N';
            """)
        let report = try sync(DemoStory.surrey)
        promise("\(edits(report)) edits were captured by the file itself and are at the hub: any SQLite client will do")
        _ = try replica(DemoStory.surrey, ["caseload", "add", "SRY-26-0042-M", "--device", laptopID])
        try sync(DemoStory.surrey)
        try sync(DemoStory.laptop)
        let carried = try stage.sql(DemoStory.laptop, "SELECT group_concat(ref) FROM case_file")
        try expect(carried == "SRY-26-0042-M", "the laptop must hold the case on its caseload, and no other")
        try expect(try !isAnywhere(DemoStory.marker, of: DemoStory.laptop), "no other case may be in the laptop's file")
        promise("the laptop that goes into the prison holds \(carried), which the office put on it, and no other case")
    }

    private mutating func refer() throws -> String {
        step("Surrey refers Maya to Gloucestershire")
        _ = try replica(DemoStory.surrey, ["consent", "give", "SRY-26-0042-M", "--partner", "GLS"])
        let draft = try replica(
            DemoStory.surrey,
            ["referral", "create", "SRY-26-0042-M", "--to", "GLS", "--reason", "Her mother lives in Gloucester"])
        let id = draft["id"] as? String ?? ""
        _ = try replica(DemoStory.surrey, ["referral", "send", id])
        try sync(DemoStory.surrey)
        try sync(DemoStory.gloucestershire)
        let cases = try stage.sql(DemoStory.gloucestershire, "SELECT count(*) FROM case_file")
        let packs = try stage.sql(DemoStory.gloucestershire, "SELECT count(*) FROM referral_pack")
        try expect(cases == "0" && packs == "1", "only the referral and its pack may be there")
        promise("Gloucestershire holds the referral and its pack, and \(cases) cases: nothing more before it accepts")
        return id
    }

    private mutating func accept(_ referral: String) throws {
        step("Gloucestershire accepts")
        _ = try replica(DemoStory.gloucestershire, ["referral", "accept", referral])
        try sync(DemoStory.gloucestershire)
        let refs = try stage.sql(DemoStory.gloucestershire, "SELECT group_concat(ref) FROM case_file")
        let child = try stage.sql(DemoStory.gloucestershire, "SELECT group_concat(first_name) FROM child")
        try expect(refs == "SRY-26-0042-M", "the accepted case, and no other, must have arrived")
        try expect(try !isAnywhere(DemoStory.marker, of: DemoStory.gloucestershire), "no other case may be in the file")
        promise("case \(refs) with her child \(child) has arrived; not one byte of Surrey's other case has")
    }

    private mutating func editOffline() throws {
        step("Both sides edit offline, and the laptop comes back from the prison")
        try stage.sql(DemoStory.surrey, "UPDATE need SET section = 'Family home'")
        try stage.sql(DemoStory.gloucestershire, "UPDATE need SET detail = 'two bedrooms, ground floor'")
        try stage.sql(DemoStory.surrey, "UPDATE person SET date_of_birth = '1991-04-20' WHERE known_as = 'Maya'")
        try stage.sql(DemoStory.laptop, "UPDATE person SET date_of_birth = '1991-02-04' WHERE known_as = 'Maya'")
        for _ in 0..<2 {
            for device in DemoStory.devices { try sync(device.file) }
        }
        let merged = try stage.sql(DemoStory.surrey, "SELECT section || ', ' || detail FROM need")
        try expect(merged == "Family home, two bedrooms, ground floor", "both edits of the need must have survived")
        promise("two columns of one row: both edits survived everywhere (“\(merged)”)")
        let listed = try hub(["conflicts", "list"])
        let conflicts = listed["conflicts"] as? [[String: Any]] ?? []
        let values = (conflicts.first?["values"] as? [[String: Any]] ?? [])
            .compactMap { ($0["value"] as? [String: Any])?["date_of_birth"] as? String }.sorted()
        try expect(conflicts.count == 1 && values.count == 2, "one conflict with both values must be open")
        promise("one date of birth, typed twice: one open conflict holds both, \(values.joined(separator: " and "))")
    }

    private mutating func agree() throws -> [Agreement] {
        step("Does every replica agree with the hub?")
        let status = try hub(["status"])
        let position = status["position"] as? Int ?? 0
        return try DemoStory.devices.map { device in
            let report = try sync(device.file)
            let rows = try stage.sql(device.file, "SELECT count(*) FROM ru_clock")
            return Agreement(
                name: device.name, agrees: report["digest"] as? String == "match", rows: Int(rows) ?? 0,
                cursor: report["cursor"] as? Int ?? 0, hubPosition: position)
        }
    }

    // MARK: Means

    private mutating func step(_ title: String) {
        number += 1
        guard !isQuiet else { return }
        if number > 1 { say("") }
        say("\(number). \(title)")
    }

    private func promise(_ line: String) {
        if !isQuiet { say("   ✓ \(line)") }
    }

    private func expect(_ condition: Bool, _ promise: String) throws {
        guard condition else {
            throw Failure(
                .internalFault, what: "The demo", why: "a promise was not kept: \(promise)",
                remedy: "Run it again with --keep and look inside")
        }
    }

    private func hub(_ arguments: [String]) throws -> [String: Any] {
        try stage.run(["hub"] + arguments + ["--hub-dir", stage.path("hub")])
    }

    private func replica(_ file: String, _ arguments: [String]) throws -> [String: Any] {
        try stage.run(arguments + ["--replica", stage.path(file)])
    }

    /// Syncs; status 1 says that a person is needed, which the story wants.
    @discardableResult
    private func sync(_ file: String) throws -> [String: Any] {
        try stage.run(["sync", "--replica", stage.path(file)], allowing: [1])
    }

    private func edits(_ report: [String: Any]) -> Int {
        (report["pushed"] as? [String: Any])?["edits"] as? Int ?? 0
    }

    /// Whether the words are in any of a replica's files.
    private func isAnywhere(_ words: String, of file: String) throws -> Bool {
        for suffix in ["", "-wal", "-shm"] {
            let url = URL(fileURLWithPath: stage.path(file) + suffix)
            guard let bytes = try? Data(contentsOf: url) else { continue }
            if bytes.range(of: Data(words.utf8)) != nil { return true }
        }
        return false
    }
}
