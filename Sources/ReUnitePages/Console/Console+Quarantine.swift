import Hummingbird
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// Edits that were not applied, and batches that wait for their predecessors: none is lost, each waits for a person.
extension Console {
    func addQuarantine(_ router: Router<PageContext>) {
        get(router, "/quarantine") { visit in
            let edits = try visit.hub.quarantine(visit.part())
            let labels = try visit.hub.read("Reading the labels") { try Labels($0) }
            try visit.saw("quarantine")
            return try Response(
                .quarantine,
                QuarantineView(edits, labels, try visit.officerClock(), now: visit.hub.now) {
                    try frame($0, visit, here: "/quarantine")
                })
        }
        get(router, "/quarantine/:id") { try edit($0) }
        named(router, "/quarantine/:id") { try edit($0, showsNames: true) }
        post(router, "/quarantine/:id") { visit in
            let id = try visit.id()
            var said = ""
            let found = try problems(visit.form, asks: "choice") { said = try decide(id, visit) }
            if let found { return try edit(visit, problems: found) }
            notices.leave(said, for: visit.token)
            return .seeOther("/quarantine/\(id)")
        }
        get(router, "/holds") { visit in
            try visit.saw("held")
            return try Response(
                .holds,
                HoldsView(try visit.hub.holds(visit.part()), now: visit.hub.now) {
                    try frame($0, visit, here: "/holds")
                })
        }
        post(router, "/holds/:id") { visit in
            guard let id = visit.context.parameters.get("id"),
                id.allSatisfy({ $0.isHexDigit || $0 == "-" })
            else {
                throw HTTPError(.notFound)
            }
            let receipt = try visit.hub.release(held: id, by: visit.person)
            let kept = receipt.exceptions.filter { $0.verdict == .quarantined }.count
            notices.leave(
                "Released: \(ConsoleWords.count(receipt.opCount, "edit")), of which \(kept) now wait as not applied.",
                for: visit.token)
            return .seeOther("/holds")
        }
    }

    private func decide(_ id: String, _ visit: Visit) throws -> String {
        switch visit.form["choice"] {
        case "release":
            let (released, untold) = try visit.hub.releaseTelling(
                id, by: visit.person.name, reason: visit.form["reason"], signedIn: visit.person.id)
            let unsaid = untold.map { " Its author is not told the reason: \($0)." } ?? ""
            if released.outcome == "obsolete" {
                return "Released, and judged: \(released.explanation ?? "something else stands there by now").\(unsaid)"
            }
            return released.opensConflict
                ? "Applied. It now stands beside another value: see the conflicts.\(unsaid)" : "Applied.\(unsaid)"
        case "refuse":
            let (_, untold) = try visit.hub.refuseTelling(
                id, by: visit.person.name, reason: visit.form["reason"], signedIn: visit.person.id)
            return untold.map { "Refused for good. Its author is told with the next sync, but not the reason: \($0)." }
                ?? "Refused for good. Its author is told with the next sync, and can read why."
        default:
            throw FormRefusal(field: "choice", "Nothing was chosen. Choose one.")
        }
    }

    private func edit(_ visit: Visit, showsNames: Bool = false, problems: [FormProblem] = []) throws -> Response {
        let detail = try visit.hub.quarantined(try visit.id())
        let labels = try visit.hub.read("Reading the labels") { try Labels($0) }
        let scopes = try ScopeLabels(
            detail.scope.map { [$0] } ?? [], visit, showsNames: showsNames, authors: [detail.author])
        try visit.saw(
            showsNames ? "quarantine-names" : "quarantined-edit", scope: detail.scope, question: try visit.id())
        let view = NotAppliedView(
            detail, labels, scopes, visit.form, problems,
            try frame("An edit that was not applied\(showsNames ? Console.withNames : "")", visit, here: "/quarantine"))
        let page = "/quarantine/\(try visit.id())"
        if let kept = kept(visit, problems, page: page, shows: view.forms.isEmpty ? nil : page) { return kept }
        return try Response(.notApplied, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
