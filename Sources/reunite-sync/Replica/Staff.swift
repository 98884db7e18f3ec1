import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Staff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "This partner's staff, and who is signed in on this device.",
        subcommands: [Add.self, List.self, Leave.self, SignIn.self, SignOut.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a staff member.",
            discussion: "Example: reunite-sync staff add --login jo --name \"Jo Field\" --role SUPPORT_WORKER")

        @OptionGroup var replica: ReplicaOptions
        @Option(help: "A short name to sign in with.") var login: String
        @Option(help: "Their name.") var name: String
        @Option(help: "A code of the list staff_user.role.") var role: String
        @Option(help: "The days on which they work, such as Mon,Tue or Mon-Thu; Monday to Friday where none are given.")
        var days: String?
        @Option(help: "The town or office in which to find them.") var basedIn: String?

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let what = "Adding the staff member"
            let member = try opened.edit(what) {
                try TypedOption.check(
                    [
                        TypedOption("--login", login, "staff_user", "login"),
                        TypedOption("--name", name, "staff_user", "display_name"),
                        TypedOption("--based-in", basedIn, "staff_user", "based_in"),
                    ], what: what, in: $0, now: SystemTime().wallMilliseconds)
                return try StaffUsers.add(
                    login: login, name: name, role: role, days: days, basedIn: basedIn, by: partner, in: $0)
            }
            try Output.show(member, as: replica.json) { say("Added \(member.name).") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the staff of this partner.", discussion: "Example: reunite-sync staff list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let opened = try replica.open()
            let (partner, signedIn) = (try opened.facts().partner, try opened.signedIn())
            let staff = try opened.read("Listing the staff") {
                try StaffUsers.list(of: partner, signedIn: signedIn, in: $0)
            }
            try Output.show(["staff": staff], as: replica.json) {
                Output.table(
                    ["LOGIN", "NAME", "ROLE", "DAYS", "BASED IN", "STATUS", "LEFT", "HERE"],
                    staff.map {
                        [
                            $0.login ?? "", $0.name, $0.role ?? "", $0.workingDays, $0.basedIn ?? "", $0.status,
                            $0.leftAt ?? "",
                            $0.isSignedIn ? "signed in" : "",
                        ]
                    })
            }
        }
    }

    struct Leave: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that a staff member has left: from now on nothing is taken as written by them.",
            discussion: """
                What they wrote before is taken whenever it arrives. Example: reunite-sync staff leave jo
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Their login.") var login: String

        func run() throws {
            let opened = try replica.open()
            let facts = try opened.facts()
            // By the hub's clock, as far as it is known here: it is compared with the times of other devices' edits.
            let now = SystemTime().wallMilliseconds - facts.skewMilliseconds
            let member = try opened.edit("Recording that they left") {
                try StaffUsers.leave(login: login, at: now, of: facts.partner, in: $0, now: now)
            }
            try Output.show(member, as: replica.json) { say("\(member.name) has left.") }
        }
    }

    struct SignIn: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-in", abstract: "From now on what is written on this device is written by this person.",
            discussion: "Example: reunite-sync staff sign-in jo")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Their login.") var login: String

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let id = try opened.read("Signing in") { try StaffUsers.active(login: login, of: partner, in: $0) }
            try opened.sign(in: id)
            try Output.show(["signedIn": id.description], as: replica.json) { say("Signed in as \(login).") }
        }
    }

    struct SignOut: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-out", abstract: "Nobody in particular writes on this device from now on.",
            discussion: "Example: reunite-sync staff sign-out")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            try replica.open().sign(in: nil)
            try Output.show(["signedIn": String?.none], as: replica.json) { say("Signed out.") }
        }
    }
}
