import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// A hub, the machines of two or three teams, and folders whose grants move: the actions of the model of scope, done to
/// the real engine on real files in an order that a seed decides.
final class ScopeWorld {
    let seed: UInt64
    let mutant: ScopeMutant
    let folder: TemporaryFolder
    let hubTime = ScriptedTime(wall: ScopeTemplate.start)
    private let hubRandomness: ScriptedRandomness
    private(set) var hub: Hub
    let reader: HubReader
    let schema: SchemaDescription
    let partners: [Identifier]
    let folders: [(id: Identifier, owner: Int)]
    let devices: [ScopeDevice]
    var generator: SeededGenerator

    /// Every row that anybody ever made, with the folder that it belongs to.
    var rows: [RowKey: Identifier]
    /// How many words were written; each is written once.
    var words: Int
    /// By whom, and where.
    var writings: [Writing] = []
    /// Rows that people deleted on their devices, and after how many writings.
    var deletions: [(device: String, row: RowKey, after: Int)] = []
    /// Who might read and write what, from a position on.
    private(set) var timeline: [Moment] = []
    /// Rows that were dead at the hub at some time. Nobody makes one anew.
    var dead = Set<RowKey>()
    /// Requests as they travelled, the newest last.
    var recorded: [Hub.SignedRequest] = []

    /// One line an action. Equal for equal seeds.
    private(set) var trace: [String] = []
    /// What should never have happened, each with the invariant that says so.
    private(set) var complaints: [String] = []
    /// How often each action was done, each followed each other, and other things happened.
    private(set) var met: [String: Int] = [:]
    private var last: ScopeAction?
    /// Whether programs of others write too, which leave bytes behind that only a vacuum removes.
    let hasStrangers: Bool

    /// Somebody wrote a word.
    struct Writing {
        let word: String
        /// Nil for the hub.
        let device: String?
        let row: RowKey
        let group: UInt8
    }

    /// From one position on, until the next moment.
    struct Moment {
        let position: Int64
        let read: [Identifier: [Identifier: UInt64]]
        let write: [Identifier: [Identifier: UInt64]]
    }

    init(seed: UInt64, mutant: ScopeMutant = .none) throws {
        self.seed = seed
        self.mutant = mutant
        let template = try ScopeTemplate.shared.get()
        generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D)
        let folder = try TemporaryFolder()
        self.folder = folder
        partners = template.partners
        folders = template.folders
        rows = template.rows
        words = max(template.words, 1_000)
        hasStrangers = seed % 4 == 3
        // Two machines of two teams; or two of the second team; or one of each team.
        let names = [["a1", "b1"], ["a1", "b1", "b2"], ["a1", "b1", "c1"]][Int(seed % 3)]
        for name in ["hub"] + names.flatMap({ ["\($0).sqlite", "\($0).sqlite.device"] }) {
            try FileManager.default.copyItem(atPath: template.folder.file(name), toPath: folder.file(name))
        }
        let randomness = ScriptedRandomness(seed: seed ^ 0x4855_4200)
        hubRandomness = randomness
        hub = try Hub.open(
            folder: folder.file("hub"), network: ScopeNetwork.network, time: hubTime,
            randomness: { randomness.identifier() })
        let reader = try HubReader(path: folder.file("hub/hub.sqlite"))
        self.reader = reader
        schema = try reader.read { try ManifestReader.read($0) }
        let partners = template.partners
        devices = try names.enumerated().map { number, name in
            let team = ScopeTemplate.places.first { $0.name == name }?.team ?? 0
            return try ScopeDevice(
                name: name, path: folder.file("\(name).sqlite"), partner: partners[team],
                time: ScriptedTime(wall: ScopeTemplate.start),
                randomness: ScriptedRandomness(seed: seed &* 31 &+ UInt64(number) &+ 1))
        }
        try noteHub()
    }

    // MARK: Running

    /// Does so many actions, then heals everything and looks at all of it. What is wrong is in ``complaints``.
    func run(steps: Int) throws {
        for _ in 0..<steps where complaints.isEmpty {
            try advance(milliseconds: Int64.random(in: 1_000...900_000, using: &generator))
            try act()
        }
        if complaints.isEmpty { try heal() }
        // What went wrong on the way does not keep the accounts from being looked at.
        complaints += try audit(isWhole: complaints.isEmpty)
    }

    private func act() throws {
        // An action that cannot be done now gives way to another.
        for _ in 0..<40 {
            let action = ScopeAction.pick(after: last, seed: seed, &generator)
            guard let what = try perform(action) else { continue }
            trace.append("\(trace.count) \(action.rawValue) \(what)")
            meet(action.rawValue)
            if let last { meet("\(last.rawValue) > \(action.rawValue)") }
            last = action
            return
        }
    }

    /// Everyone is started anew, every answer on its way is lost, and all sync until nothing moves.
    private func heal() throws {
        for device in devices { try device.restart() }
        try restartHub()
        for _ in 0..<8 {
            var isIdle = true
            for device in devices {
                try advance(milliseconds: 1_000)
                guard let outcome = try syncWhole(device) else {
                    return complain("(healed) \(device.name) cannot sync")
                }
                if outcome.roundTrips > 1 { isIdle = false }
            }
            if isIdle { return }
        }
        complain("(healed) the replicas never became idle")
    }

    // MARK: Small things

    func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    func pick<Element>(_ list: [Element]) -> Element? { list.isEmpty ? nil : list[random(list.count)] }
    func meet(_ what: String) { met[what, default: 0] += 1 }
    func complain(_ line: String) { complaints.append(line) }

    /// Time passes everywhere, and the hub sees to what that alone brings about.
    private func advance(milliseconds: Int64) throws {
        let before = hubTime.wallMilliseconds
        hubTime.advance(milliseconds: milliseconds)
        for device in devices { device.time.advance(milliseconds: milliseconds) }
        let ended = try reader.read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM consent WHERE until_ms > ? AND until_ms <= ?",
                arguments: [before, hubTime.wallMilliseconds])
        }
        guard let ended, ended > 0 else { return }
        _ = try hub.tend()
        try noteHub()
        meet("consent ran out")
    }

    func restartHub() throws {
        let randomness = hubRandomness
        hub = try Hub.open(
            folder: folder.file("hub"), network: ScopeNetwork.network, time: hubTime,
            randomness: { randomness.identifier() })
    }

    /// An identifier for a new row.
    func newID() -> Identifier {
        Identifier(high: 0x019A_0000_0000_7000 | generator.next() >> 52, low: generator.next() >> 2 | 1 << 63)
    }

    // MARK: Words

    /// Words are told apart from everything else in a file.
    static func word(_ number: Int) -> String { "zq\(number)q" }

    /// A word that nobody has written yet.
    func newWord(by device: String?, in row: RowKey, group: UInt8) -> String {
        words += 1
        let word = ScopeWorld.word(words)
        writings.append(Writing(word: word, device: device, row: row, group: group))
        return word
    }

    /// Makes a row; the closure gives the word for each group.
    static func insert(
        _ row: RowKey, into folder: Identifier, _ database: Database, word: (UInt8) -> String
    ) throws {
        guard let name = ScopeNetwork.names[row.table], let texts = ScopeNetwork.texts[row.table] else { return }
        let columns = ["id", "folder_id"] + texts.map(\.column)
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let values: [any DatabaseValueConvertible] = [row.key.sqlBlob, folder.sqlBlob] + texts.map { word($0.group) }
        try database.execute(
            sql: "INSERT INTO \(name)(\(columns.joined(separator: ", "))) VALUES(\(places))",
            arguments: StatementArguments(values))
    }

    // MARK: The hub

    /// Looks at the hub after something may have changed there.
    func noteHub() throws {
        if mutant == .dropRejected { try spoilHub("DELETE FROM hub_quarantine") }
        try reader.read { database in
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            if let newest = timeline.last {
                if position < newest.position {
                    complain("(positions never fall) \(position) after \(newest.position)")
                }
                if position == newest.position { return }
            }
            timeline.append(
                Moment(
                    position: position, read: try Projection.masks(database),
                    write: try Projection.masks(database, column: "read_mask & write_mask")))
            for row in try Row.fetchAll(database, sql: "SELECT tbl, key FROM hub_row WHERE life <> 1") {
                dead.insert(
                    RowKey(table: UInt16(truncatingIfNeeded: row["tbl"] as Int64), key: row.identifier("key")))
            }
        }
    }

    /// What a partner may hold now.
    func projection(for device: ScopeDevice) throws -> Projection {
        try reader.read { try Projection(of: device.partner, schema: schema, $0) }
    }

    /// The classes that a partner may read, or write, of a scope after everything up to a position.
    func moments(from base: Int64, to position: Int64) -> ArraySlice<Moment> {
        let first = timeline.lastIndex { $0.position <= base } ?? 0
        let end = timeline.firstIndex { $0.position >= position } ?? timeline.count
        return timeline[first..<max(first + 1, end)]
    }

    func spoilHub(_ sql: String) throws {
        let database = try EngineDatabase.open(path: folder.file("hub/hub.sqlite"), role: .engine, label: "spoiler")
        try database.immediately { try $0.execute(sql: sql) }
        try database.close()
    }

    /// What is printed when a world fails.
    func report() -> String {
        let steps = ScopeModelTests.steps
        let names = devices.map(\.name).joined(separator: " ")
        let story = ScopeModelTests.isReplay ? "\n" + trace.joined(separator: "\n") : ""
        return """

            Seed \(seed): \(names), \(steps) steps, mutant \(mutant)\(hasStrangers ? ", other programs write" : "")
            \(complaints.joined(separator: "\n"))
            To run it again: REUNITE_STEPS=\(steps) REUNITE_SEED=\(seed) swift test --filter ScopeModelTests\(story)
            """
    }
}

/// One thing that the engine must do, left out around it.
enum ScopeMutant: String, CaseIterable, Sendable {
    case none
    /// What is not sealed is thrown away when a delivery is applied.
    case noSeal
    /// A delivery claims a position and leaves out a row that moved after it was read.
    case torn
    /// A refused edit is dropped.
    case dropRejected
    /// A scope that left and came back is not swept. (The hub's feed keeps no LEAVE that an ENTER followed.)
    case noSweep
    /// What left stays in the file and its log, because somebody reads, and is called purged.
    case walKept
    /// The hub forgets that a grant was closed in between.
    case epochIgnored
}
