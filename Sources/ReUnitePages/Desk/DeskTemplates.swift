extension Templates.Page {
    static let caseload = Templates.Page("caseload")
    static let search = Templates.Page("search")
    static let caseFile = Templates.Page("case_page")
    static let form = Templates.Page("form_page")
    static let history = Templates.Page("history")
    static let referrals = Templates.Page("referrals")
    static let enquiry = Templates.Page("enquiry")
    static let stepPreview = Templates.Page("step_preview")
    static let referral = Templates.Page("referral")
    static let returned = Templates.Page("returned")
    static let questions = Templates.Page("questions")
    static let answering = Templates.Page("answering")
    static let laptops = Templates.Page("laptops")
    static let organisation = Templates.Page("organisation")
    static let ownRecords = Templates.Page("own_records")
    static let sync = Templates.Page("sync")
    static let replica = Templates.Page("replica")
    static let visits = Templates.Page("visits")
    static let packed = Templates.Page("visit_packed")
    static let inside = Templates.Page("inside")
    static let insideVisit = Templates.Page("inside_visit")
}

/// The desk's own templates.
enum DeskTemplates {
    static let sources: [String: String] = [
        "caseload": Templates.text(PackageResources.caseload_mustache),
        "case_lines": Templates.text(PackageResources.case_lines_mustache),
        "search": Templates.text(PackageResources.search_mustache),
        "case_page": Templates.text(PackageResources.case_page_mustache),
        "form_page": Templates.text(PackageResources.form_page_mustache),
        "history": Templates.text(PackageResources.history_mustache),
        "referrals": Templates.text(PackageResources.referrals_mustache),
        "referral": Templates.text(PackageResources.referral_mustache),
        "enquiry": Templates.text(PackageResources.enquiry_mustache),
        "told": Templates.text(PackageResources.told_mustache),
        "step_preview": Templates.text(PackageResources.step_preview_mustache),
        "returned": Templates.text(PackageResources.returned_mustache),
        "questions": Templates.text(PackageResources.questions_mustache),
        "answering": Templates.text(PackageResources.answering_mustache),
        "laptops": Templates.text(PackageResources.laptops_mustache),
        "organisation": Templates.text(PackageResources.organisation_mustache),
        "own_records": Templates.text(PackageResources.own_records_mustache),
        "sync": Templates.text(PackageResources.sync_mustache),
        "replica": Templates.text(PackageResources.replica_mustache),
        "visits": Templates.text(PackageResources.visits_mustache),
        "visit_packed": Templates.text(PackageResources.visit_packed_mustache),
        "inside": Templates.text(PackageResources.inside_mustache),
        "inside_visit": Templates.text(PackageResources.inside_visit_mustache),
    ]
}
