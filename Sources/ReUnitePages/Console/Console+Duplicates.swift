import Hummingbird
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The same woman registered twice. Nothing is joined by itself, and no partner is told what another holds.
extension Console {
    func addDuplicates(_ router: Router<PageContext>) {
        get(router, "/duplicates") { try duplicates($0) }
        get(router, "/pair/:id/:other") { try pair($0) }
        named(router, "/pair/:id/:other") { try pair($0, showsNames: true) }
        post(router, "/pair/:id/:other") { visit in
            let (a, b) = (try visit.id(), try visit.id("other"))
            var said = ""
            let found = try problems(visit.form, asks: "choice") { said = try decide(a, b, visit) }
            if let found { return try pair(visit, problems: found) }
            notices.leave(said, for: visit.token)
            return .seeOther("/duplicates")
        }
    }

    private func duplicates(_ visit: Visit) throws -> Response {
        let report = try alike.report(of: visit.hub)
        let decided = try visit.hub.read("Looking for duplicates") {
            try DecidedPairs.list(visit.part(DuplicatesView.decided), in: $0)
        }
        try visit.saw("duplicates")
        return try Response(
            .duplicates, DuplicatesView(report, decided, frame("Duplicates", visit, here: "/duplicates")))
    }

    private func pair(_ visit: Visit, showsNames: Bool = false, problems: [FormProblem] = []) throws -> Response {
        guard let a = Identifier(try visit.id()), let b = Identifier(try visit.id("other")) else {
            throw HTTPError(.notFound)
        }
        let candidate = try alike.report(of: visit.hub).candidates.first { Set($0.sides.map(\.person)) == [a, b] }
        let decided = try visit.hub.read("Looking at the two") {
            try DecidedPairs.between(a, b, in: $0)
        }
        guard candidate != nil || decided != nil else { throw HTTPError(.notFound) }
        let view = PairView(
            candidate, decided, showsNames: showsNames, visit.form, problems,
            try frame("Maybe one woman\(showsNames ? Console.withNames : "")", visit, here: "/duplicates"))
        for scope in view.scopes { try visit.saw(showsNames ? "pair-names" : "pair", scope: scope) }
        return try Response(.pair, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func decide(_ a: String, _ b: String, _ visit: Visit) throws -> String {
        let reason = visit.form["reason"]
        let why = AuditFact.why(by: visit.person.name, reason)
        switch visit.form["choice"] {
        case "same", "different":
            let isDifferent = visit.form["choice"] == "different"
            let row = try visit.hub.read("Finding the women") {
                try PersonLinks.decide(
                    a, b, isDifferent: isDifferent, isVerified: visit.form["verified"] == "yes", reason: reason,
                    in: $0)
            }
            try visit.hub.insert(
                "Linking the women", noting: [.word(.code, "person-link"), why, .id(.actor, visit.person.id)]
            ) {
                try row.insert(into: $0, now: $1)
            }
            return isDifferent
                ? "Recorded as two women. They are not suggested again."
                : "Recorded as one woman. Both cases stay as they are."
        case "unlink":
            let rows = try visit.hub.read("Finding the women") { try PersonLinks.undo(a, b, reason: reason, in: $0) }
            try visit.hub.insert(
                "Taking the link back", noting: [.word(.code, "person-unlink"), why, .id(.actor, visit.person.id)]
            ) {
                for row in rows { try row.insert(into: $0, now: $1) }
            }
            return "Taken back. Everything is as it was before."
        default:
            throw FormRefusal(field: "choice", "Nothing was chosen. Choose one.")
        }
    }
}
