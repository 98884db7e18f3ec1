import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct VisitOpen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Show the visits of a bundle, in a prison for which it is.",
        discussion: """
            Refused with 77 when it has expired, when this device's clock was put back, when the prison is not listed \
            or its authorisation is over; with 65 when it is damaged or for another device. No network is used and \
            nothing of it is stored.

            Example: reunite-sync visit open /media/stick/VS3F9A1C.RUB --prison BZI
            """)

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "The file.") var file: String
    @Option(help: "The code of the prison in which it is opened.") var prison: String

    struct Report: Encodable {
        struct Visit: Encodable {
            var id: String
            var code: String
            var type: String
            var planned: String
            var worker: String?
            var woman: VisitSheet.Woman
        }

        var prison: String
        var day: String
        var packed: String
        var expires: String
        var authorisation: VisitSheet.Prison?
        var women: Int
        var visits: [Visit]
    }

    func run() throws {
        let opened = try replica.openToShow("Opening the visits")
        let facts = try opened.facts()
        let bytes = try CarrierFile.read(file)
        let time = try opened.knownTime()
        let content = try opened.open(visit: bytes) { sender in
            try opened.read("Finding the device that packed it") {
                try KinKeys.of(sender, partner: facts.partner, in: $0)
            }
        }
        let packed = try VisitSheet(decoding: content)
        let sheet = try opened.read("Opening the visit bundle") {
            try VisitGate.pass(packed, prison: prison, at: time, in: $0)
        }
        let report = Report(
            prison: prison.uppercased(), day: sheet.day, packed: Output.time(sheet.packedMs),
            expires: Output.time(sheet.expiresMs), authorisation: sheet.prisons.first, women: sheet.counts.women,
            visits: sheet.visits.map {
                Report.Visit(
                    id: $0.id, code: $0.code, type: $0.type, planned: Output.time($0.plannedMs), worker: $0.worker,
                    woman: $0.woman)
            })
        try Output.show(report, as: replica.json) { tell(sheet) }
    }

    // MARK: In words

    private func tell(_ sheet: VisitSheet) {
        let prison = sheet.prisons.first
        say(
            "INSIDE \(prison?.name ?? prison?.code ?? ""): \(sheet.day), until \(CivilTime.londonMinute(milliseconds: sheet.expiresMs))"
        )
        say(
            "Governor's reference \(prison?.governorRef ?? ""), laptop \(prison?.deviceSerial ?? "not named"), stick \(prison?.mediaSerial ?? "not named")"
        )
        for visit in sheet.visits {
            let woman = visit.woman
            say("")
            say(
                "\(visit.code)  \(CivilTime.londonMinute(milliseconds: visit.plannedMs))  \(woman.knownAs ?? "no name")"
            )
            line("Case", woman.ref)
            line("Name", [woman.legalFirst, woman.legalLast].compactMap(\.self).joined(separator: " "))
            line("Born", woman.dateOfBirth)
            line("Prison number", woman.prisonNumber)
            line("Language", woman.language.map { $0 + (woman.interpreter ? ", needs an interpreter" : "") })
            line("Release", [woman.releaseDate, woman.releaseType].compactMap(\.self).joined(separator: " "))
            for risk in woman.risks { line("Risk", "\(risk.kind) \(risk.level)") }
            for restriction in woman.restrictions {
                line("Restriction", "\(restriction.kind) \(restriction.otherParty ?? "")")
            }
            for child in woman.children {
                line("Child", [child.firstName, child.dateOfBirth].compactMap(\.self).joined(separator: ", born "))
            }
            for need in woman.needs { line("Need", "\(need.category) \(need.section ?? "") \(need.status)") }
        }
    }

    private func line(_ label: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        say("  \(label): \(text)")
    }
}
