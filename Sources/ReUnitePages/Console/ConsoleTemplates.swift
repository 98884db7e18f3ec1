/// The console's own templates.
enum ConsoleTemplates {
    static let sources: [String: String] = [
        Templates.Page.signIn.name: Templates.text(PackageResources.console_sign_in_mustache),
        Templates.Page.signOut.name: Templates.text(PackageResources.console_sign_out_mustache),
        Templates.Page.workList.name: Templates.text(PackageResources.console_work_list_mustache),
        Templates.Page.conflict.name: Templates.text(PackageResources.console_conflict_mustache),
        Templates.Page.asking.name: Templates.text(PackageResources.console_asking_mustache),
        Templates.Page.parallel.name: Templates.text(PackageResources.console_parallel_mustache),
        Templates.Page.clash.name: Templates.text(PackageResources.console_clash_mustache),
        Templates.Page.quarantine.name: Templates.text(PackageResources.console_quarantine_mustache),
        Templates.Page.notApplied.name: Templates.text(PackageResources.console_not_applied_mustache),
        Templates.Page.holds.name: Templates.text(PackageResources.console_holds_mustache),
        Templates.Page.duplicates.name: Templates.text(PackageResources.console_duplicates_mustache),
        Templates.Page.pair.name: Templates.text(PackageResources.console_pair_mustache),
        Templates.Page.board.name: Templates.text(PackageResources.console_board_mustache),
        Templates.Page.referralFlow.name: Templates.text(PackageResources.console_referrals_mustache),
        Templates.Page.nights.name: Templates.text(PackageResources.console_nights_mustache),
        Templates.Page.reports.name: Templates.text(PackageResources.console_reports_mustache),
        Templates.Page.disclosures.name: Templates.text(PackageResources.console_disclosures_mustache),
        Templates.Page.log.name: Templates.text(PackageResources.console_log_mustache),
        "console_pager": Templates.text(PackageResources.console_pager_mustache),
        "console_names": Templates.text(PackageResources.console_names_mustache),
    ]
}

extension Templates.Page {
    static let signIn = Self("console_sign_in")
    static let signOut = Self("console_sign_out")
    static let workList = Self("console_work_list")
    static let conflict = Self("console_conflict")
    static let asking = Self("console_asking")
    static let parallel = Self("console_parallel")
    static let clash = Self("console_clash")
    static let quarantine = Self("console_quarantine")
    static let notApplied = Self("console_not_applied")
    static let holds = Self("console_holds")
    static let duplicates = Self("console_duplicates")
    static let pair = Self("console_pair")
    static let board = Self("console_board")
    static let referralFlow = Self("console_referrals")
    static let nights = Self("console_nights")
    static let reports = Self("console_reports")
    static let disclosures = Self("console_disclosures")
    static let log = Self("console_log")
}
