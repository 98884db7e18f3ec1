import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct VisitFormCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "form", abstract: "Print tomorrow's visits on paper: a page of A4 each.",
        discussion: """
            Any browser prints it. On each page stands the visit's code, by which 'visit record' finds it again, and as \
            little of the woman as tells her from another. The file is not sealed: print it and remove it.

            Example: reunite-sync visit form --to forms.html
            """)

    @OptionGroup var replica: ReplicaOptions
    @Option(help: "The file to write.") var to: String
    @Option(help: "The day, YYYY-MM-DD; without it tomorrow.") var on: String?
    @Option(help: "A prison's code; may be given several times. Without it every visit of that day.")
    var prison: [String] = []

    struct Report: Encodable {
        var file: String
        var day: String
        var pages: Int
        var bytes: Int
    }

    func run() throws {
        let opened = try replica.openToShow("Printing the form")
        try OutputFile.check(to, what: "Printing the form", replaces: false)
        let day = try DayVisit.day(on, now: try opened.knownTime().now)
        let form = try opened.read("Printing the forms") {
            try VisitForm(on: day, prisons: Set(prison.map { $0.uppercased() }), in: $0)
        }
        let bytes = Array(form.html.utf8)
        try CarrierFile.write(bytes, to: to)
        try Output.show(Report(file: to, day: day, pages: form.count, bytes: bytes.count), as: replica.json) {
            say("\(to): \(Wording.count(form.count, "page")) of \(day). Print it, then remove the file.")
        }
    }
}
