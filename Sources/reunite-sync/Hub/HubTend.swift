import ArgumentParser
import ReUniteHub

struct HubTend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tend", abstract: "Do now what the rules want of the hub by now; 'hub serve' does it every hour.",
        discussion: "Example: reunite-sync hub tend --json")

    @OptionGroup var hub: HubOptions

    struct Report: Encodable {
        var done: Int
        var putOff: Int
        var proposals: Int
        var stuckDuties: [StuckDutyReport]
    }

    func run() throws {
        let opened = try hub.open()
        let tended = try opened.tend()
        let stuck = try opened.stuckDuties()
        let report = Report(
            done: tended.done, putOff: tended.putOff, proposals: tended.proposals,
            stuckDuties: stuck.map(StuckDutyReport.init))
        try Output.show(report, as: hub.json) {
            say(
                "\(Wording.count(tended.done, "duty", "duties")) done, \(Wording.count(tended.proposals, "proposal")) seen to."
            )
            StuckDutyReport.print(stuck)
        }
        if !stuck.isEmpty { throw needsPerson }
    }
}

struct StuckDutyReport: Encodable {
    var subject: String
    var duty: String
    var why: String
    var since: String

    init(_ stuck: StuckDuty) {
        subject = stuck.subject
        duty = stuck.duty
        why = stuck.why
        since = Output.time(stuck.sinceMilliseconds)
    }

    static func print(_ stuck: [StuckDuty]) {
        guard !stuck.isEmpty else { return }
        say("\(Wording.count(stuck.count, "duty", "duties")) could not be done:")
        Output.table(
            ["DUTY", "ABOUT", "WHY", "FOR"],
            stuck.map { [$0.duty, $0.subject, $0.why, Wording.age(since: $0.sinceMilliseconds)] })
    }
}
