import ArgumentParser
import Foundation
import ReUniteSync

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a referral from Surrey to Gloucestershire with a real hub and real replicas.",
        discussion: """
            Starts a hub and three replicas as separate processes on this machine, edits offline on both sides, makes \
            one conflict, and says at each step what it proves. Everyone in it is invented. Example: \
            reunite-sync demo --keep

            With --people it makes a network to try everything on instead: a hub and the offices of ten areas with forty \
            staff, six hundred families and two years of what happened to them, synced by the real engine. The same seed \
            and day make the same rows. Example: reunite-sync demo --people --dir people
            """)

    @Option(help: "The folder to play in; without it a temporary one.") var dir: String?
    @Flag(help: "Leave the folder and say how to look inside.") var keep = false
    @Flag(help: "Make an invented network of ten areas instead.") var people = false
    @Option(help: "With --people: what decides who they are.") var seed: UInt64 = 1
    @Option(help: "With --people: how many families, 10 to 5000.") var families = 600
    @Option(help: "With --people: the last day of the two years, YYYY-MM-DD; without it yesterday.") var until: String?
    @OptionGroup var output: JSONOption

    func validate() throws {
        guard (10...5_000).contains(families) else { throw ValidationError("--families must be from 10 to 5000.") }
    }

    func run() throws {
        let stage = try DemoStage(folder: dir)
        guard !people else { return try invent(in: stage) }
        var story = DemoStory(stage: stage, isQuiet: output.json)
        let replicas: [DemoStory.Agreement]
        do {
            replicas = try story.play()
        } catch {
            stage.stop()
            if !keep && dir == nil { stage.remove() }
            throw error
        }
        stage.stop()
        let agree = replicas.allSatisfy(\.agrees)
        try Output.show(["replicas": replicas], as: output.json) {
            say("")
            for replica in replicas {
                say(
                    "\(replica.agrees ? "agrees" : "DIFFERS")  \(replica.name): "
                        + "\(replica.rows) rows, position \(replica.cursor) of \(replica.hubPosition)")
            }
            if keep || dir != nil {
                say("")
                say("Everything is in \(stage.folder). Look inside:")
                say("  sqlite3 \(stage.path("surrey-office.sqlite")) 'SELECT ref, phase FROM case_file'")
                say("  reunite-sync log --replica \(stage.path("gloucestershire-office.sqlite"))")
                say("  reunite-sync hub conflicts list --hub-dir \(stage.path("hub"))")
            }
        }
        if !keep && dir == nil { stage.remove() }
        if !agree { throw needsPerson }
    }

    private func invent(in stage: DemoStage) throws {
        defer { if !keep && dir == nil { stage.remove() } }
        try DemoPeople(
            folder: stage.folder, isKept: keep || dir != nil, seed: seed, families: families, isQuiet: output.json,
            until: until
        ).run()
    }
}
