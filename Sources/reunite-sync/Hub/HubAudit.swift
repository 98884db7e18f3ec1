import ArgumentParser
import Foundation
import ReUniteHub
import ReUniteReplica
import ReUniteSync

struct HubAudit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The log of what the hub decided, opened, closed and showed.",
        discussion: "Every entry is a leaf of a Merkle tree (RFC 6962) that every replica watches: see docs/audit.md.",
        subcommands: [Verify.self, List.self, Prove.self, Check.self, Sign.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Work the log out anew and hold the hub's tables against it.",
            discussion: """
                Exit status 1 says that something does not fit. Example: reunite-sync hub audit verify --json
                """)

        @OptionGroup var hub: HubOptions

        struct Finding: Encodable {
            var code: String
            @OrNull var index: UInt64?
            var what: String
        }

        struct Signed: Encodable {
            var size: UInt64
            var root: String
        }

        struct Checked: Encodable {
            var batches: Int
            var grants: Int
            var disclosures: Int
            var decisions: Int
            var acts: Int
            var publications: Int
        }

        struct Report: Encodable {
            var size: UInt64
            var root: String
            var erased: Int
            @OrNull var signed: Signed?
            var checked: Checked
            var consistent: Bool
            var findings: [Finding]
        }

        func run() throws {
            let found = try hub.open().verifyAudit()
            let report = Report(
                size: found.head.size, root: Wording.hex(found.head.root.bytes), erased: found.erased,
                signed: found.noted.map { Signed(size: $0.size, root: Wording.hex($0.root.bytes)) },
                checked: Checked(
                    batches: found.batches, grants: found.grants, disclosures: found.disclosures,
                    decisions: found.decisions, acts: found.acts, publications: found.publications),
                consistent: found.isConsistent,
                findings: found.findings.map { Finding(code: $0.code, index: $0.index, what: $0.what) })
            try Output.show(report, as: hub.json) {
                say("\(report.size) entries, \(report.erased) of them erased; root \(report.root)")
                say(report.signed.map { "Last signed at \($0.size) entries." } ?? "Not yet signed.")
                let checked = report.checked
                say(
                    "Compared: \(checked.batches) batches, \(checked.grants) grants, \(checked.disclosures) disclosures, "
                        + "\(checked.decisions) decisions, \(checked.acts) other acts, "
                        + "\(Wording.count(checked.publications, "publication")).")
                for finding in report.findings { say("\(finding.code): \(finding.what)") }
                say(
                    report.consistent
                        ? "Everything fits."
                        : "\(Wording.count(report.findings.count, "thing does", "things do")) not fit.")
            }
            if !report.consistent { throw needsPerson }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the entries, oldest first.",
            discussion: "Example: reunite-sync hub audit list --since 2026-05-01 --kind grant-opened")

        @OptionGroup var hub: HubOptions
        @Option(help: "From this day or instant on.") var since: Moment?
        @Option(help: "Only this kind, for example verdict, grant-opened, disclosed, conflict-decided.")
        var kind: String?

        func run() throws {
            let wanted = try kind.map { word in
                guard let kind = AuditKind.allCases.first(where: { $0.word == word }) else {
                    throw ValidationError(
                        "--kind must be one of " + AuditKind.allCases.map(\.word).joined(separator: ", ") + ".")
                }
                return kind
            }
            let entries = try hub.open().auditEntries(since: since?.milliseconds, kind: wanted).map(AuditItem.init)
            try Output.show(["entries": entries], as: hub.json) {
                Output.table(
                    ["INDEX", "TIME", "KIND", "WHAT"],
                    entries.map { entry in
                        let facts = entry.facts?.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                        return [
                            String(entry.index), entry.at, entry.kind, facts?.joined(separator: ", ") ?? "(erased)",
                        ]
                    })
            }
        }
    }

    struct Prove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the proof that an entry is in the log, for anybody who has the hub's public key.",
            discussion: """
                Always JSON: keep it in a file. 'hub audit check' checks it, anywhere; docs/audit.md has a few lines \
                of Python that do. Example: reunite-sync hub audit prove 17 > entry-17.json
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The entry's number, from 0.") var index: UInt64

        func run() throws {
            let opened = try hub.open()
            let (evidence, note) = try opened.auditEvidence(of: index)
            let entry = AuditItem(evidence.entry)
            try Output.json(
                AuditProofFile(
                    index: evidence.entry.index, size: evidence.head.size, root: Wording.hex(evidence.head.root.bytes),
                    leaf: Wording.hex(evidence.entry.leaf), salt: evidence.entry.salt.map(Wording.hex),
                    detail: evidence.entry.detail.map(Wording.hex), kind: entry.kind, at: entry.at, facts: entry.facts,
                    proof: evidence.proof.map { Wording.hex($0.bytes) }, checkpoint: note,
                    key: opened.auditVerifierKey))
        }
    }

    struct Sign: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign for the log as it is now, and print the note and the key that checks it.",
            discussion: """
                The note is a C2SP checkpoint: send it to the partners, or publish it. A hub that serves signs every \
                hour into 'audit-checkpoint' in its folder. Example: reunite-sync hub audit sign
                """)

        @OptionGroup var hub: HubOptions

        struct Report: Encodable {
            var checkpoint: String
            var key: String
        }

        func run() throws {
            let opened = try hub.open()
            let report = Report(checkpoint: try opened.publishAudit(), key: opened.auditVerifierKey)
            try Output.show(report, as: hub.json) { Output.exact("\(report.key)\n\n\(report.checkpoint)") }
        }
    }
}

/// An entry as it is printed.
struct AuditItem: Encodable {
    var index: UInt64
    var at: String
    var kind: String
    /// Null after an erasure.
    @OrNull var facts: [String: String]?
    var leaf: String

    init(_ entry: AuditEntry) {
        index = entry.index
        at = Output.time(entry.atMilliseconds)
        kind = entry.kind?.word ?? "unknown"
        leaf = Wording.hex(entry.leaf)
        facts = entry.record.map { record in
            Dictionary(
                record.facts.map { fact in
                    let value =
                        switch fact {
                        case .id(_, let id): id.description
                        case .number(_, let number): String(number)
                        case .hash(_, let bytes): Wording.hex(bytes)
                        case .word(_, let word): word
                        }
                    return (fact.field.word, value)
                }, uniquingKeysWith: { first, _ in first })
        }
    }
}
