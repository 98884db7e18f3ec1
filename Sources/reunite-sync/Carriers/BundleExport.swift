import ArgumentParser
import ReUniteReplica
import ReUniteSync

struct BundleExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what a sync would send into a file for the hub.",
        discussion: """
            Everything that the hub has not confirmed goes into the file, each time: a lost stick loses nothing. The \
            file is read back before it gets its name; 'copied and verified' says so. It never replaces a file. In a \
            folder it gets a short name that every stick takes.

            Where the file was not looked at for a week, that is done first, as a sync does. Exit status 1 says that the \
            file was written and that something needs a person.

            Example: reunite-sync bundle export --to /media/stick
            """)

    @OptionGroup var replica: ReplicaOptions
    @Option(help: "The file to write, or a folder to write it into.") var to: String
    @Flag(help: "Ask the hub for everything anew, and say anew what it has not judged: repairs this replica.")
    var whole = false

    func run() throws {
        let opened = try replica.open(makingRoom: true)
        try CarrierFile.checkPlace(to)
        let claim = try opened.claim(what: "Writing a bundle", holder: "'sync' or another 'bundle'")
        opened.prepare()
        opened.settle()
        // Who never has a network has no other occasion.
        let found = try opened.isExaminationDue() ? opened.examine() : VerifyFindings()
        let file = try opened.makingRoom { try opened.upFile(whole: whole) }
        let wantsComparison = try !whole && opened.isComparisonAskedFor()
        let written = try Carriers.write(file.parcel, to: to)
        withExtendedLifetime(claim) {}
        var report = WrittenBundle(
            file: written, file.parcel.label, bytes: file.parcel.length, edits: file.edits, batches: file.batches,
            left: file.left)
        report.missing = found.missing.count
        report.damaged = !found.damage.isEmpty
        report.comparisonDue = wantsComparison
        try Output.show(report, as: replica.json) {
            say("\(report.file): copied and verified, \(report.bytes) bytes, \(Wording.count(file.edits, "edit")).")
            if file.left > 0 {
                say("\(file.left) more edits did not fit: export again once the hub's answer to this is imported.")
            }
            if found.unlogged > 0 {
                let rows = Wording.count(found.unlogged, "row was", "rows were")
                say("\(rows) unknown to the change log; they are in it now.")
            }
            if !found.missing.isEmpty {
                say("\(Wording.missing(found.missing.count, bringBack: "bundle export --whole"))")
            }
            if !found.damage.isEmpty { say("The file is damaged: see 'reunite-sync verify --offline'.") }
            if wantsComparison {
                say("Another program has changed the tables. Sync, or export with --whole: then values are compared.")
            }
            say("At the hub: reunite-sync hub bundle import \(report.file)")
        }
        if !found.missing.isEmpty || !found.damage.isEmpty { throw needsPerson }
    }
}

/// A file that was written, in a report.
struct WrittenBundle: Encodable {
    var file: String
    var kind: String
    var bundle: String
    var bytes: Int
    var verified = true
    var from: Int64
    var to: Int64
    var device: String?
    var edits: Int?
    var batches: Int?
    var left: Int?
    var rows: Int?
    var receipts: Int?
    /// What was found in the replica's file first.
    var missing: Int?
    var damaged: Bool?
    /// Whether values are to be compared with the hub's, which a file does only where everything comes anew.
    var comparisonDue: Bool?

    init(
        file: String, _ label: BundleLabel, bytes: Int, device: String? = nil, edits: Int? = nil, batches: Int? = nil,
        left: Int? = nil, rows: Int? = nil, receipts: Int? = nil
    ) {
        self.file = file
        kind = label.kind.word
        bundle = label.id.description
        self.bytes = bytes
        from = label.from.rawValue
        to = label.to.rawValue
        self.device = device
        self.edits = edits
        self.batches = batches
        self.left = left
        self.rows = rows
        self.receipts = receipts
    }
}

enum Carriers {
    /// Writes a bundle to the file or into the folder, with a bar, and returns its path.
    ///
    /// - Throws: ``Failure``; nothing is left under that name then.
    static func write(_ parcel: BundleParcel, to given: String) throws -> String {
        try write(parcel.label, bytes: parcel.length, to: given, content: parcel.write)
    }

    /// The same with a bundle that is in memory.
    ///
    /// - Parameter replaces: whether a file of that name gives way.
    static func write(
        _ bytes: [UInt8], _ label: BundleLabel, to given: String, replaces: Bool = false
    ) throws -> String {
        try write(label, bytes: bytes.count, to: given, replaces: replaces) { put in try put(bytes) }
    }

    private static func write(
        _ label: BundleLabel, bytes: Int, to given: String, replaces: Bool = false, content: BundleParcel.Content
    ) throws -> String {
        try CarrierFile.checkPlace(given, replaces: replaces)
        let path = CarrierFile.path(for: label, at: given)
        let bar = ProgressBar()
        defer { bar.clear() }
        try CarrierFile.write(
            to: path, replaces: replaces,
            progress: { bar.show("writing KiB", done: $0 / 1_024, of: bytes / 1_024) }, content: content)
        return path
    }

    /// Writes one of the two short messages of joining to the file, or under a name in the folder.
    ///
    /// - Parameter replaces: whether a file of that name gives way.
    static func writeLetter(
        _ bytes: [UInt8], named name: String, to given: String, replaces: Bool = false
    ) throws -> String {
        try CarrierFile.checkPlace(given, replaces: replaces)
        let path = letterPath(name, at: given)
        try CarrierFile.write(bytes, to: path, replaces: replaces)
        return path
    }

    /// Where one of them goes: the file that was named, or its own name in the folder that was.
    static func letterPath(_ name: String, at given: String) -> String {
        DurableFile.isFolder(given) ? (given.hasSuffix("/") ? given : given + "/") + name : given
    }

    /// Reads one of them. They are far below a page of text.
    static func readLetter(_ path: String) throws -> [UInt8] {
        guard let bytes = try DurableFile.read(path, limit: 8_192) else {
            throw Failure(
                .noInput, what: "Reading \(path)", why: "there is no such file", remedy: "Check the name and the stick")
        }
        return bytes
    }
}

extension BundleLabel.Kind {
    /// The word that is printed: fixed and lower case.
    var word: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .receipt: "receipt"
        case .resync: "resync"
        case .enrol: "enrol"
        case .answer: "answer"
        case .visit: "visit"
        case .backup: "backup"
        case .ledger: "ledger"
        case .urgent: "urgent"
        }
    }
}
