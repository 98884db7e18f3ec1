import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What the organisation keeps about itself, by the same forms as the records of a case.
extension Desk {
    static let organisationPath = "/organisation"

    func addOrganisation(to router: Router<PageContext>) {
        router.get("/organisation") { _, context in
            try replica.checkLease("Showing this organisation")
            let partner = try partner()
            let groups = try replica.read("Showing this organisation") {
                try OwnRecords.groups(of: partner, in: $0)
            }
            return try Response(
                .organisation,
                OrganisationView(try frame("This organisation", context, here: Desk.organisationPath), groups))
        }
        router.get("/organisation/:table") { _, context in
            let table = try name(context, "table")
            try replica.checkLease("Showing the records")
            let partner = try partner()
            let section = try replica.read("Showing the records") {
                try OwnRecords.section(
                    table, of: partner, try replica.attention(of: [partner], in: $0), in: $0)
            }
            return try Response(
                .ownRecords,
                OwnRecordsView(
                    try frame("This organisation: \(section.label)", context, here: Desk.organisationPath),
                    CasePageView.section(section)))
        }
        router.get("/organisation/:table/add") { _, context in
            let table = try name(context, "table")
            try replica.checkLease("Adding a record")
            return try newRow(try partner(), table, context, nil, [])
        }
        router.post("/organisation/:table/add") { _, context in
            let table = try name(context, "table")
            let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
            let outcome = try replica.edit("Adding a record") {
                try RowEditor($0, partner: partner, staff: staff, now: now)
                    .add(table, to: partner, Desk.typed(context.form))
            }
            return try answer(outcome, partner, table, context) {
                try newRow(partner, table, context, context.form, $0)
            }
        }
    }

    /// Where the records of a table stand that hang on a case, or on the organisation itself.
    func place(of table: String, on scope: Identifier) throws -> String {
        scope == (try partner()) ? "\(Desk.organisationPath)/\(table)" : "/case/\(scope)#\(table)"
    }

    /// The page of what a form's record hangs on, with the words that lead back to it.
    func back(from form: RowForm) -> (path: String, text: String) {
        form.isOwn
            ? ("\(Desk.organisationPath)/\(form.table)", "Back to the records of this organisation")
            : ("/case/\(form.caseID)", "Back to the case")
    }
}

/// The kinds of records that the organisation keeps about itself.
struct OrganisationView: FramedView {
    struct Kind: Sendable {
        let table: String
        let label: String
        let help: String
        let count: Int
        /// Where another is added; at most one.
        let adds: [String]
    }

    struct Group: Sendable {
        let title: String
        let kinds: [Kind]
    }

    var frame: PageFrame
    let groups: [Group]

    init(_ frame: PageFrame, _ groups: [OwnRecords.Group]) {
        self.frame = frame
        self.groups = groups.map { group in
            Group(
                title: group.title,
                kinds: group.kinds.map {
                    Kind(
                        table: $0.table, label: $0.label, help: $0.help, count: $0.count,
                        adds: $0.mayAdd ? ["\(Desk.organisationPath)/\($0.table)/add"] : [])
                })
        }
    }
}

/// The records of one kind.
struct OwnRecordsView: FramedView {
    var frame: PageFrame
    let section: CasePageView.Section
    /// Said where there are more than are shown; at most one.
    let mores: [String]

    init(_ frame: PageFrame, _ section: CasePageView.Section) {
        self.frame = frame
        self.section = section
        mores = section.entries.count < OwnRecords.most ? [] : ["Only the newest \(OwnRecords.most) are shown."]
    }
}
