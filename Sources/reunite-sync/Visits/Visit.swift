import ArgumentParser

struct Visit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visit", abstract: "Prison visits: on a laptop that is authorised there, or on paper.",
        discussion: """
            A laptop that is carried into a prison should hold the women of the day and nobody else:

              reunite-sync visit authorisation add --prison BZI --device "Surrey laptop" --governor-ref G-17 \
            --until 2027-05-31
              reunite-sync visit pack --for "Surrey laptop" --to /media/stick
              reunite-sync visit open /media/stick/VS3F9A1C.RUB --prison BZI

            Where no laptop is let in there is paper, typed in afterwards with the time at which it happened:

              reunite-sync visit form --to forms.html
              reunite-sync visit record 1234-5678-K --attended YES --at 14:05 --minutes 40
            """,
        subcommands: [
            VisitPack.self, VisitOpen.self, VisitFormCommand.self, VisitRecord.self, VisitAuthorisation.self,
        ])
}
