import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// What each reader finds for each seed fact: one world for all of them, played once.
///
/// The ids that the world gives: `{surrey}` and `{gloucestershire}`, the partners; `{case}` with its `{child}`,
/// `{neighbour}`, `{third}` and `{resident}`, cases of Surrey's; `{lined1}` to `{lined3}`, cases of Surrey's that
/// Gloucestershire has accepted.
struct SeedFactAnswers: Sendable {
    enum Reader: String, Sendable, CaseIterable {
        case hub, office, laptop, other
    }

    /// By fact and reader; nothing where the reader finds nothing.
    let found: [String: [Reader: String]]
    /// What went wrong when a fact was written down, by fact.
    let troubles: [String: String]

    static let shared = Result { try SeedFactAnswers() }

    private init() throws {
        let world = try World(seed: 601)
        var names = SeedFactNames(world)
        try SeedFactAnswers.openCases(in: world, &names)
        var troubles: [String: String] = [:]
        func write(_ fact: SeedFact, _ sql: String, _ body: (String) throws -> Void) {
            guard !sql.isEmpty else { return }
            do { try body(names.filled(sql)) } catch { troubles[fact.name] = "\(error)" }
        }
        let ops = try ScratchCapture.ops(network: .reunite) { database in
            for fact in SeedFact.all { write(fact, fact.hub) { try database.execute(sql: $0) } }
        }
        for exception in try world.hub.submit(ops).flatMap(\.exceptions) { troubles["the hub"] = "\(exception)" }
        func edit(_ device: Device, _ fact: SeedFact, _ sql: String) {
            write(fact, sql) { sql in try device.edit { try $0.execute(sql: sql) } }
        }
        for fact in SeedFact.all {
            edit(world.surreyOffice, fact, fact.office)
            edit(world.surreyLaptop, fact, fact.laptop)
        }
        try world.settle()
        for round in 0..<3 {
            for fact in SeedFact.all {
                if round < fact.then.count { edit(world.surreyOffice, fact, fact.then[round]) }
                if round < fact.laptopThen.count { edit(world.surreyLaptop, fact, fact.laptopThen[round]) }
            }
            try world.settle()
        }
        var found: [String: [Reader: String]] = [:]
        for fact in SeedFact.all {
            let ask = names.filled(fact.ask)
            for reader in Reader.allCases {
                found[fact.name, default: [:]][reader] = SeedFactAnswers.answer(ask, for: reader, in: world)
            }
        }
        self.found = found
        self.troubles = troubles
    }

    private static func openCases(in world: World, _ names: inout SeedFactNames) throws {
        let office = world.surreyOffice
        for name in ["case", "neighbour", "third", "resident", "lined1", "lined2", "lined3"] {
            let rows = try world.openCase(on: office, marker: name, naming: world.gloucester)
            names[name] = rows.id
            if name == "case" { names["child"] = rows.child }
        }
        let custody = names.filled("INSERT INTO custody_episode(case_id, prison) VALUES({lined1}, 'BZI')")
        try office.edit { try $0.execute(sql: custody) }
        try world.settle()
        let referrals = try ["lined1", "lined2", "lined3"].map {
            try world.refer(names[$0], on: office, to: world.gloucester)
        }
        try world.settle()
        for referral in referrals { try world.accept(referral, on: world.gloucestershire) }
        try world.settle()
    }

    /// What one reader finds; an error is an answer too, so that one wrong question fails one fact.
    private static func answer(_ sql: String, for reader: Reader, in world: World) -> String? {
        do {
            switch reader {
            case .hub: return try world.reader.read { try String.fetchOne($0, sql: sql) }
            case .office: return try world.surreyOffice.read { try String.fetchOne($0, sql: sql) }
            case .laptop: return try world.surreyLaptop.read { try String.fetchOne($0, sql: sql) }
            case .other: return try world.gloucestershire.read { try String.fetchOne($0, sql: sql) }
            }
        } catch {
            return "\(error)"
        }
    }
}

/// Ids by the words that stand for them in the facts' SQL.
struct SeedFactNames {
    private var known: [String: Identifier]

    init(_ world: World) {
        known = ["surrey": world.surrey, "gloucestershire": world.gloucester]
    }

    subscript(_ name: String) -> Identifier {
        mutating get {
            if let id = known[name] { return id }
            let id = row(UInt64(900_000 + known.count))
            known[name] = id
            return id
        }
        set { known[name] = newValue }
    }

    /// The same text with ids in place of the words in braces.
    mutating func filled(_ sql: String) -> String {
        var text = ""
        for (place, part) in sql.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard place > 0, let end = part.firstIndex(of: "}") else {
                text += part
                continue
            }
            text += literal(self[String(part[..<end])])
            text += part[part.index(after: end)...]
        }
        return text
    }
}
