import ArgumentParser

struct HubCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hub", abstract: "Make, serve and look after a hub.",
        subcommands: [
            HubInit.self, HubServe.self, HubPartner.self, HubDevice.self, HubConflicts.self, HubQuarantine.self,
            HubHold.self, HubBundle.self, HubPurge.self, HubPerson.self, HubTend.self, HubStatusCommand.self,
            HubVerify.self,
            HubReport.self, HubCase.self, HubReferral.self, HubErase.self, HubLegalHold.self,
            HubAudit.self,
            HubKeys.self, HubRotateKeys.self,
            HubBackup.self, HubBackupKey.self, HubRestore.self, HubRecovery.self, HubOperator.self, HubConsole.self,
        ])
}
