extension Templates.Page {
    static let caseload = Templates.Page("caseload")
    static let caseFile = Templates.Page("case_page")
    static let replica = Templates.Page("replica")
}

/// The desk's own templates.
enum DeskTemplates {
    static let sources: [String: String] = [
        "caseload": Templates.text(PackageResources.caseload_mustache),
        "case_page": Templates.text(PackageResources.case_page_mustache),
        "replica": Templates.text(PackageResources.replica_mustache),
    ]
}
