import ArgumentParser
import ReUniteProgramme

extension Referral {
    struct Assess: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a referral on for assessment, by one named worker.",
            discussion: "Example: reunite-sync referral assess ID --assessor 'J. Carter'")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "Who assesses it.") var assessor: String

        func run() throws {
            try Referral.step(replica, "Assessing the referral") {
                try Referrals.assess(id, assessor: assessor, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Ask: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the sender something; the assessment waits for the answer.",
            discussion: "Example: reunite-sync referral ask ID --topic HEALTH --question 'Which medicines?'")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "A code of the list info_request.topic.") var topic: String
        @Option(help: "The question in words.") var question = ""

        func run() throws {
            try Referral.step(replica, "Asking the sender") {
                try Referrals.ask(id, topic: topic, question: question, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Answer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer the receiver's question.",
            discussion: "Example: reunite-sync referral answer ID --answer 'None'")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "The question's id, or enough of it, where several are open.") var question: String?
        @Option(help: "The answer in words.") var answer: String

        func run() throws {
            try Referral.step(replica, "Answering the receiver") {
                try Referrals.answer(id, question: question, answer: answer, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Waitlist: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Accept in principle: there is no home yet.",
            discussion: "Example: reunite-sync referral waitlist ID")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String

        func run() throws {
            try Referral.step(replica, "Putting her on the waiting list") {
                try Referrals.step(id, to: "WAITLISTED", by: $1, in: $0, now: $2)
            }
        }
    }

    struct Offer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Offer a home that the hub holds; the first time, ask the hub to hold it.",
            discussion:
                "Ask, sync, and offer again without --unit. Example: reunite-sync referral offer ID --unit UNIT --from 2026-05-04 --to 2027-05-04"
        )

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "The home: its id, or enough of it.") var unit: String?
        @Option(help: "The first night, YYYY-MM-DD.") var from: String?
        @Option(help: "The day after the last night, YYYY-MM-DD.") var to: String?

        func run() throws {
            try Referral.step(replica, "Offering a home") {
                try Referrals.offer(id, unit: unit, from: from, to: to, by: $1, in: $0, now: $2)
            }
        }
    }
}
