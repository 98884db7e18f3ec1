import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Whether the hub still serves this device, and what becomes of what is typed where it does not: it is kept, and nothing
/// of a case is shown.
extension Desk {
    /// Stands above every page for as long as it is so.
    func banners() throws -> [PageFrame.Banner] {
        let refusal = try replica.refusal()
        let at = refusal.map { CivilTime.londonMinute(milliseconds: $0.atMilliseconds) } ?? ""
        let hub = try replica.facts().hubName
        switch refusal?.why {
        case .revoked:
            return [
                PageFrame.Banner(
                    heading: "This device is revoked.",
                    text: "The hub said so on \(at). No case is shown, and what is typed is kept here.",
                    operatorsOf: [hub])
            ]
        case .suspended:
            return [
                PageFrame.Banner(
                    heading: "This device is shut out.",
                    text:
                        "The hub said on \(at) that another copy of this replica was used. What is typed waits here until it is let in again.",
                    operatorsOf: [hub])
            ]
        case nil: break
        }
        guard try replica.closure() == .leaseOver else { return refusedFiles() }
        return [
            PageFrame.Banner(
                heading: "This device's lease has ended.",
                text: "No case is shown until it has synced. What is typed is kept here, and goes out then.")
        ]
    }

    /// Nobody at their devices knows of it.
    private func refusedFiles() -> [PageFrame.Banner] {
        let count = replica.relayBox.refused().count
        guard count > 0 else { return [] }
        return [
            PageFrame.Banner(
                heading: "The hub refused \(ConsoleWords.count(count, "file")) of other devices.",
                text: "What was written there has not arrived. The page Sync says whose it is, and why.")
        ]
    }

    /// Leads on from a form that was taken: to where it shows, or, where nothing is shown any more, to how the device
    /// stands.
    ///
    /// - Parameters:
    ///   - said: what was done, as a sentence.
    ///   - isSent: whether to say also that it goes to the hub.
    ///   - more: what its writer should still know. It tells of the case.
    func taken(
        _ said: String, isSent: Bool = true, more: [String] = [], to place: String, _ context: PageContext
    ) throws -> Response {
        switch try replica.closure() {
        case .leaseOver:
            notices.leave("Saved here. This device's lease has ended: sync.", for: context.formToken)
            return .seeOther("/sync")
        case .revoked:
            notices.leave(
                "Saved here, and kept here: this device is revoked. Ring the hub's operator.", for: context.formToken)
            return .seeOther("/sync")
        case nil:
            let promise = isSent ? " \(try promise())" : ""
            for text in [said + promise] + more { notices.leave(text, for: context.formToken) }
            return .seeOther(place)
        }
    }

    private func promise() throws -> String {
        try replica.refusal() == nil
            ? "It goes to the hub with the next sync." : "It waits here until the hub's operator lets this device in."
    }

    /// Shows a form once more, with what is wrong; where nothing is shown any more, what was typed and no form.
    ///
    /// What is wrong may tell of the case, so of it only the fields are named then.
    func again(_ problems: [FormProblem], _ show: ([FormProblem]) throws -> Response) throws -> Response {
        guard try replica.closure() != nil else { return try show(problems) }
        let fields = problems.map(\.field).filter { !$0.isEmpty }.map { $0.replacing("_", with: " ") }
        let named = fields.isEmpty ? "" : " (\(fields.joined(separator: ", ")))"
        throw Failure(
            .badData, what: "Saving",
            why: "something in the form cannot be as it is\(named), and this device shows no form again",
            remedy: "Copy what you typed, and type it again once the hub serves this device")
    }
}
