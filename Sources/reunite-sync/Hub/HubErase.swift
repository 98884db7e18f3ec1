import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct HubErase: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase a person, in two steps: one asks, another confirms.",
        subcommands: [Request.self, List.self, Show.self], defaultSubcommand: Request.self)

    struct Request: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "request", abstract: "Ask for an erasure, or confirm one that was asked for.",
            discussion: """
                Nothing is erased until somebody else confirms it, within 30 days. A legal hold forbids it. What is \
                erased never comes back: not from a backup, not from a stick.

                Example: reunite-sync hub erase SRY-26-0042-K --reason "She asked for it in writing" --by Ada
                Then:    reunite-sync hub erase --confirm 3fa1 --by Grace
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The case's reference or id, or the woman's id.") var person: String?
        @Option(help: "Why, in at least 10 characters. No names: it is kept.") var reason: String?
        @Option(help: "Why, as a code; it is kept outside the database too.") var code = "SUBJECT_REQUEST"
        @Option(help: "Confirm this request: its id, or at least its first four digits.") var confirm: String?
        @Option(help: "Who asks or confirms; who asks may be left out for the user of this machine.") var by: String?

        func validate() throws {
            guard (person == nil) != (confirm == nil) else {
                throw ValidationError("Give a person with --reason, or --confirm with a request's id.")
            }
            if person != nil, reason == nil { throw ValidationError("Say why with --reason.") }
            if confirm != nil, by == nil { throw ValidationError("Say with --by who confirms.") }
        }

        func run() throws {
            let opened = try hub.open()
            if let confirm, let by { return try finish(confirm, by: by, opened) }
            let scopes = try opened.read("Finding the person") { try CaseScopes.find(person ?? "", in: $0) }
            let erasure = try opened.requestErasure(
                of: scopes.all, touching: scopes.links, code: code, by: by ?? DecisionOptions.user,
                reason: reason ?? "")
            let short = try opened.erasures().map(\.id).shortest(of: erasure.id)
            try Output.show(ErasureReport(erasure), as: hub.json) {
                ErasureReport.show(erasure)
                say("\nNothing is erased yet. To confirm it, as somebody else and within 30 days:")
                say("  reunite-sync hub erase --confirm \(short) --by NAME")
            }
            if !erasure.holds.isEmpty { throw needsPerson }
        }

        private func finish(_ id: String, by: String, _ opened: Hub) throws {
            let request = try opened.erasure(id)
            // Referrals may have been made since it was asked for.
            let now = try request.scopes.first.map { id in
                try opened.read("Finding the person") { try CaseScopes.of(id, in: $0) }
            }
            let erasure = try opened.confirmErasure(
                request.id, by: by, adding: now?.all ?? [], touching: now?.links ?? [])
            try Output.show(ErasureReport(erasure), as: hub.json) {
                ErasureReport.show(erasure)
                if !erasure.isScrubbed {
                    say("\nAnother program uses the database: run the same command again to clear free pages.")
                }
            }
            if !erasure.isScrubbed { throw needsPerson }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was asked for and what was erased, newest first.",
            discussion: "Example: reunite-sync hub erase list")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let erasures = try hub.open().erasures()
            try Output.show(["erasures": erasures.map(ErasureReport.init)], as: hub.json) {
                Output.table(
                    ["ID", "STATE", "ASKED", "BY", "CONFIRMED BY", "DEVICES LEFT"],
                    erasures.map {
                        [
                            $0.id, $0.state.rawValue, Output.time($0.requestedMilliseconds), $0.requestedBy,
                            $0.confirmedBy ?? "", String($0.holders.filter { !$0.hasConfirmed }.count),
                        ]
                    })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an erasure, and which devices have not confirmed it.",
            discussion: "Exit status 1 says that some have not. Example: reunite-sync hub erase show 3fa1")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The request's id, or at least its first four digits.") var id: String

        func run() throws {
            let erasure = try hub.open().erasure(id)
            try Output.show(ErasureReport(erasure), as: hub.json) { ErasureReport.show(erasure) }
            if erasure.state == .executed, erasure.holders.contains(where: { !$0.hasConfirmed }) { throw needsPerson }
        }
    }
}
