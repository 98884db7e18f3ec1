import Hummingbird
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The hub's reports, and what its operators did and saw.
extension Console {
    func addReports(_ router: Router<PageContext>) {
        get(router, "/reports") { try reports($0) }
        // By a form: what is looked for is in no address.
        post(router, "/reports/disclosures") { visit in
            do {
                let found = try visit.hub.read("Finding the case") { try CaseScopes.find(visit.form["case"], in: $0) }
                let number = casesAsked.keep(found.caseID.description, for: visit.token)
                return .seeOther("/reports/disclosures/\(number)")
            } catch let failure as Failure where [.badData, .noInput, .usage].contains(failure.code) {
                return try reports(visit, problem: Desk.words(failure))
            }
        }
        get(router, "/reports/disclosures/:number") { visit in
            guard let id = casesAsked.what(visit.context.parameters.get("number"), for: visit.token) else {
                return .seeOther("/reports")
            }
            let scopes = try visit.hub.read("Finding the case") { try CaseScopes.find(id, in: $0) }
            try visit.saw("disclosures", scope: scopes.caseID.description)
            let words = try visit.hub.read("Reading the codes") { try PlainWords($0) }
            return try Response(
                .disclosures,
                DisclosuresView(
                    scopes.reference ?? ConsoleWords.short(scopes.caseID.description),
                    try visit.hub.disclosures(of: scopes.all), frame("Disclosures", visit, here: "/reports"),
                    plain: words.said))
        }
        get(router, "/log") { visit in
            try visit.saw("log")
            let entries = try visit.hub.newestAuditEntries(visit.part())
            return try Response(
                .log, LogView(entries, try visit.hub.operators()) { try frame($0, visit, here: "/log") })
        }
    }

    private func reports(_ visit: Visit, problem: String? = nil) throws -> Response {
        let now = visit.hub.now
        let quarter = OutcomeReport.quarter(before: CivilTime.londonDate(milliseconds: now))
        let (figures, overrides) = try visit.hub.read("Making the report") {
            (
                try Publication.report(of: quarter, in: $0),
                try Consents.overridesInForce(visit.part(), in: $0, now: now)
            )
        }
        try visit.saw("reports")
        return try Response(
            .reports,
            ReportsView(
                figures, overrides, frame("Reports", visit, here: "/reports"), typed: visit.form["case"],
                problem: problem), status: problem == nil ? .ok : .unprocessableContent)
    }
}
