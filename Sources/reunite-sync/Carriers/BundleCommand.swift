import ArgumentParser

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Sync by files: on a stick, or in any other way that files travel.",
        discussion: """
            The files are what a sync sends and receives, sealed and signed: whoever finds a stick learns that there \
            was one. Four steps, of which the second and third happen at the hub:

              reunite-sync bundle export --to /media/stick
              reunite-sync hub bundle import /media/stick/UP3F9A1C.RUB
              reunite-sync hub bundle export --device "Surrey laptop" --to /media/stick
              reunite-sync bundle import /media/stick/DN77B0E2.RUB

            A file may come late, twice, or never: nothing is lost and nothing counts twice. Syncs over the network may \
            happen in between.
            """,
        subcommands: [BundleExport.self, BundleImport.self, BundleInspect.self])
}
