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
            """)

    @Option(help: "The folder to play in; without it a temporary one.") var dir: String?
    @Flag(help: "Leave the folder and say how to look inside.") var keep = false
    @OptionGroup var output: JSONOption

    func run() throws {
        let stage = try DemoStage(folder: dir)
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
            print("")
            for replica in replicas {
                print(
                    "\(replica.agrees ? "agrees" : "DIFFERS")  \(replica.name): "
                        + "\(replica.rows) rows, position \(replica.cursor) of \(replica.hubPosition)")
            }
            if keep || dir != nil {
                print("")
                print("Everything is in \(stage.folder). Look inside:")
                print("  sqlite3 \(stage.path("surrey-office.sqlite")) 'SELECT ref, phase FROM case_file'")
                print("  reunite-sync log --replica \(stage.path("gloucestershire-office.sqlite"))")
                print("  reunite-sync hub conflicts list --hub-dir \(stage.path("hub"))")
            }
        }
        if !keep && dir == nil { stage.remove() }
        if !agree { throw needsPerson }
    }
}
