import ArgumentParser
import ReUniteHub
import ReUniteProgramme

extension HubReport {
    struct Overrides: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which cases are shared without consent now, and until when.",
            discussion: """
                What ends first comes first: it ends seven days after it was decided, or 28 after a review upheld it. Who \
                decided and why is on the case's own page, at its owner. Exit status 1 says that the list is not empty.

                Example: reunite-sync hub report overrides
                """)

        @OptionGroup var hub: HubOptions

        func run() throws {
            let now = SystemTime().wallMilliseconds
            let opened = try hub.open()
            let overrides = try opened.read("Listing overrides") { try Consents.overridesInForce(in: $0, now: now) }
            try opened.noteExport(
                "overrides", rows: overrides.count, by: DecisionOptions.user, reason: "hub report overrides")
            try Output.show(["overrides": overrides], as: hub.json) {
                Output.table(
                    ["CASE", "OWNER", "SHOWN TO", "BASIS", "SINCE", "UNTIL", "REVIEWS"],
                    overrides.map {
                        [
                            $0.caseName, $0.owner ?? "", $0.partner ?? "", $0.basis, $0.recorded, $0.countsUntil,
                            String($0.reviews),
                        ]
                    })
            }
            if !overrides.isEmpty { throw needsPerson }
        }
    }
}
