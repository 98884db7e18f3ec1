import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync

struct BundleImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Apply a file from the hub.",
        discussion: """
            The file is applied whole or not at all. One whose content is here already changes nothing; one that \
            continues from a point that this replica has not reached changes nothing either, and the exit status is 1. \
            Files that are damaged, changed or for another device are refused with 65.

            Example: reunite-sync bundle import /media/stick/DN77B0E2.RUB --json
            """)

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "The file.") var file: String

    struct Report: Encodable {
        var sync: Sync.Report
        var kind: String
        var applied: Bool
        /// Batches that a file of receipts told of.
        var receipts: Int
        @OrNull var ignored: String?

        func encode(to encoder: any Encoder) throws {
            try sync.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(kind, forKey: .kind)
            try container.encode(applied, forKey: .applied)
            try container.encode(receipts, forKey: .receipts)
            try container.encode(_ignored, forKey: .ignored)
        }

        private enum Key: CodingKey {
            case kind, applied, receipts, ignored
        }
    }

    func run() throws {
        let start = Date()
        let opened = try replica.open(makingRoom: true)
        let claim = try opened.claim(what: "Importing a bundle", holder: "'sync' or another 'bundle'")
        let source = try CarrierFile.source(file)
        let effect = try opened.makingRoom { try opened.take(file: source) }
        // A case that came may be one for which something typed inside was kept: it goes with the next export.
        opened.settle()
        withExtendedLifetime(claim) {}
        let status = try opened.status()
        var outcome = SyncOutcome()
        var receipts = 0
        var ignored: String?
        switch effect {
        case .applied(let effect): outcome.note(effect, bytes: source.length)
        case .receipts(let count): receipts = count
        case .old: ignored = "What it holds is here already."
        case .gap(let failure): ignored = "\(failure.why). \(failure.remedy)."
        }
        let kind = try SealedBundle.readHeader(try source.beginning()).label.kind
        let report = Report(
            sync: Sync.Report(outcome, status, since: start), kind: kind.word, applied: ignored == nil,
            receipts: receipts, ignored: ignored)
        try Output.show(report, as: replica.json) { tell(report, status) }
        var needsSomebody = status.conflicts > 0 || status.returned > 0 || outcome.digest == .mismatch
        if case .gap = effect { needsSomebody = true }
        if needsSomebody { throw needsPerson }
    }

    private func tell(_ report: Report, _ status: ReplicaStatus) {
        if let ignored = report.ignored {
            say("Nothing was changed. \(ignored.prefix(1).uppercased() + ignored.dropFirst())")
            return
        }
        if report.kind == BundleLabel.Kind.receipt.word {
            say(
                "The hub has \(Wording.count(report.receipts, "more batch", "more batches")) of this device's, which need not go again."
            )
            return
        }
        say("Received \(Wording.count(report.sync.pulled.rows, "row")), up to position \(report.sync.cursor).")
        Sync.tell(entered: report.sync.entered, left: report.sync.left)
        if report.sync.digest == SyncOutcome.Digest.mismatch.rawValue {
            say("This replica and the hub differ: sync, or hand in a 'bundle export --whole'.")
        }
        if status.unsentEdits > 0 {
            say("\(Wording.count(status.unsentEdits, "edit waits", "edits wait")) to be sent.")
        }
        if status.purgesOwed > 0 { say("\(Wording.purgeOwed)") }
        if report.sync.conflicts > 0 {
            say(
                "\(Wording.count(report.sync.conflicts, "conflict waits", "conflicts wait")) for a decision at the hub."
            )
        }
        if report.sync.returned > 0 {
            say("\(report.sync.returned) of your edits came back: see 'reunite-sync inbox'.")
        }
    }
}
