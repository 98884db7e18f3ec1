import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct VisitPack: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Pack tomorrow's visits: sealed, counted, expiring.",
        discussion: """
            Only the women of that day's visits are in the file, and of each only what a visit needs: no address, no \
            telephone number, no note. One device can open it, in the prisons for which that device's authorisation is \
            recorded, for 48 hours. A visit that may not be carried in is left out and named, and the exit status is 1.

            Example: reunite-sync visit pack --for "Surrey laptop" --to /media/stick
            """)

    @OptionGroup var replica: ReplicaOptions
    @Option(help: "The file to write, or a folder to write it into.") var to: String
    @Option(help: "The day, YYYY-MM-DD; without it tomorrow.") var on: String?
    @Option(help: "A prison's code; may be given several times. Without it every prison of that day.")
    var prison: [String] = []
    @Option(help: "Only this visit, by its code or id; may be given several times. Without it all of that day.")
    var visit: [String] = []
    @Option(name: .customLong("for"), help: "The device that will open it, by name or id; 'self' for this one.")
    var recipient = "self"
    @Option(help: "For how many hours it may be opened, 1 to \(VisitPacking.longest).")
    var expires = VisitPacking.hours

    struct Report: Encodable {
        var file: String
        var verified = true
        var bundle: String
        var bytes: Int
        var day: String
        var device: String
        var women: Int
        var visits: Int
        var rows: Int
        var expires: String
        var prisons: [String]
        var leftOut: [VisitPacking.LeftOut]
    }

    func validate() throws {
        guard (1...VisitPacking.longest).contains(expires) else {
            throw ValidationError("--expires is a number of hours from 1 to \(VisitPacking.longest)")
        }
    }

    func run() throws {
        let opened = try replica.openToShow("Packing the visits")
        try CarrierFile.checkPlace(to)
        let now = try opened.knownTime().now
        let order = VisitBundle.Order(
            day: try DayVisit.day(on, now: now), prisons: Set(prison.map { $0.uppercased() }),
            visits: try opened.read("Finding the visits") { database in
                Set(try visit.map { try VisitCode.visit($0, in: database) })
            }, recipient: recipient, hours: expires)
        let bundle = try VisitBundle(order, from: opened, now: now)
        let sheet = bundle.sheet
        let sealed = try bundle.sealed(by: opened)
        let report = Report(
            file: try Carriers.write(sealed.bytes, sealed.label, to: to), bundle: sealed.label.id.description,
            bytes: sealed.bytes.count, day: sheet.day, device: bundle.device, women: sheet.counts.women,
            visits: sheet.counts.visits, rows: sheet.counts.rows, expires: Output.time(sheet.expiresMs),
            prisons: sheet.prisons.map(\.code), leftOut: bundle.packed.leftOut)
        try Output.show(report, as: replica.json) { tell(report) }
        let needsSomebody = report.leftOut.contains { $0.why != .notInPrison }
        if needsSomebody { throw needsPerson }
    }

    private func tell(_ report: Report) {
        say("\(report.file): copied and verified, \(report.bytes) bytes.")
        say(
            "\(report.women) women, \(report.visits) visits, \(report.rows) rows of \(report.day), for \(report.device)."
        )
        say("Opens in \(report.prisons.joined(separator: ", ")) until \(report.expires).")
        for line in report.leftOut { say("Left out: \(line.code) (\(line.why.rawValue)).") }
    }
}
