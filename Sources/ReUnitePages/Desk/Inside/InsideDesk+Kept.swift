import Hummingbird

/// What was typed before the lock and is not saved yet.
extension InsideDesk {
    static let keptTitle = "Not saved yet"

    func addKept(to router: Router<PageContext>) {
        router.get(RouterPath(KeptView.path)) { _, context in
            // Only what somebody typed here herself: that is shown also when the visits are not any more.
            let frame = try frame(InsideDesk.keptTitle, context, try shown())
            let gate = gate
            let entries = session.kept.map { kept in
                KeptView.Entry(
                    number: kept.number, address: kept.address, typed: gate.typed(kept.form, sentTo: kept.sentTo))
            }
            return try Response(.kept, KeptView(frame, entries))
        }
        router.post("/kept/:number/let-go") { _, context in
            guard let number = context.parameters.get("number").flatMap({ Int($0) }) else { throw HTTPError(.notFound) }
            session.letGo(number)
            sealDrafts()
            notices.leave("It is let go.", for: context.formToken)
            return Response.seeOther(session.kept.isEmpty ? "/" : KeptView.path)
        }
    }
}
