import ArgumentParser
import Foundation
import ReUniteHub
import ReUniteInvented
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// `demo --people`: an invented network to try everything on.
struct DemoPeople {
    let folder: String
    let isKept: Bool
    let seed: UInt64
    let families: Int
    let isQuiet: Bool
    /// The last day of the story; nil for yesterday.
    let until: String?

    private struct Answer: Encodable {
        struct Office: Encodable {
            let code: String
            let name: String
            let replica: String
            let cases: Int
            let rows: Int
            let agrees: Bool
        }
        struct Stuck: Encodable {
            let referral: String
            let why: String
        }
        let hub: String
        let seed: UInt64
        let families: Int
        let until: String
        let edits: Int
        let offices: [Office]
        let stuck: [Stuck]
        let seconds: Double
    }

    func run() throws {
        let start = Date()
        let yesterday = CivilTime.londonDate(milliseconds: SystemTime().wallMilliseconds - 86_400_000)
        guard let last = InventedDay(until ?? yesterday) else {
            throw Failure(
                .usage, what: "Inventing a network", why: "the day is not a date", remedy: "Write it as YYYY-MM-DD")
        }
        let plan = InventedPlan(seed: seed, families: families, until: last)
        // Until all of it is there, none of it is worth waiting for the disk.
        let answer = try DiskSync.$isPutOff.withValue(true) { try played(plan, since: start) }
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            try DurableFile.sync(folder + "/" + name)
        }
        try show(answer)
        guard answer.offices.allSatisfy(\.agrees) else { throw needsPerson }
    }

    /// What was made. When it is there, the databases are closed.
    private func played(_ plan: InventedPlan, since start: Date) throws -> Answer {
        let stage = try InventedStage(plan, in: folder, network: .reunite, randomness: newIdentifier)
        var shown = -1
        try stage.play { part in
            let percent = Int(part * 100)
            guard !isQuiet, percent / 10 > shown else { return }
            shown = percent / 10
            Output.note("\(percent) % of two years")
        }
        return Answer(
            hub: stage.hub.folder, seed: seed, families: stage.plan.families, until: stage.plan.period.upperBound.text,
            edits: stage.plan.writes.count,
            offices: stage.offices.map {
                Answer.Office(
                    code: $0.code, name: $0.name, replica: $0.path, cases: $0.cases, rows: $0.rows, agrees: $0.agrees)
            },
            stuck: stage.stuck.map { Answer.Stuck(referral: $0.key.description, why: $0.value) }
                .sorted { $0.referral < $1.referral },
            seconds: (Date().timeIntervalSince(start) * 10).rounded() / 10)
    }

    private func show(_ answer: Answer) throws {
        try Output.show(answer, as: isQuiet) {
            say("Ten areas, \(answer.families) families, two years until \(answer.until). Nobody in it is real.\n")
            Output.table(
                ["OFFICE", "NAME", "CASES", "ROWS", "AND THE HUB"],
                answer.offices.map {
                    [$0.code, $0.name, String($0.cases), String($0.rows), $0.agrees ? "agree" : "DIFFER"]
                })
            guard isKept else { return }
            say("\nEverything is in \(folder). Look inside:")
            say("  reunite-sync report outcomes --replica \(answer.offices[0].replica)")
            say("  reunite-sync hub report outcomes --hub-dir \(answer.hub)")
            say("  reunite-sync open --replica \(answer.offices[0].replica)")
        }
    }
}
