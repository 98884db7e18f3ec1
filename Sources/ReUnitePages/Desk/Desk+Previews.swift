import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
public import ReUniteSync

/// What a desk's owner gives it so that its pages can ask the hub before a step is taken: pages know no network.
public struct StepAsker: Sendable {
    let ask: @Sendable (StepQuestion) async throws -> PreviewAnswer.Body

    /// - Parameter ask: asks the hub, which changes nothing.
    public init(_ ask: @escaping @Sendable (StepQuestion) async throws -> PreviewAnswer.Body) { self.ask = ask }
}

/// What a step would move, as the hub counts it.
extension Desk {
    func addPreviews(to router: Router<PageContext>) {
        router.post("/referral/:id/step/:step/preview") { _, context in
            let (id, name) = (try id(context), try name(context, "step"))
            guard let asking else { throw HTTPError(.notFound) }
            try replica.checkLease("Previewing the step")
            let partner = try partner()
            let (step, waits) = try replica.read("Previewing the step") { database in
                let goal = try Referrals.goal(of: name, of: id, by: partner, in: database)
                let step = try ReferralStep.find(id.description, to: goal, in: database)
                return (step, try step.obstacles(in: database))
            }
            switch try await asking.ask(step.question) {
            case .moves(let from, let moves):
                let labels = try replica.read("Reading the labels") { try Labels($0) }
                func word(_ state: String) -> String { labels.state(state, of: "referral", "state") }
                return try Response(
                    .stepPreview,
                    StepPreviewView(
                        try frame("What a step would move: \(word(step.question.to))", context), from: word(from),
                        to: word(step.question.to),
                        moves, waits, back: "/referral/\(id)/step/\(name)"))
            case .notOpen(let from, let open): throw ReferralStep.notOpen(from: from, to: step.question.to, open: open)
            case .unknown, .suspended, .epochChanged: throw ReferralStep.unknown
            }
        }
    }
}
