import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Which laptops carry a case: an office puts it on one and takes it off, a laptop gives it back.
extension Desk {
    func addLaptops(to router: Router<PageContext>) {
        router.get("/case/:id/laptops") { _, context in
            let id = try id(context)
            return try Response(
                .laptops,
                LaptopsView(
                    try frame("Who carries this case", context), id, try laptops(of: id),
                    isOffice: try replica.facts().role == "office"))
        }
        router.post("/case/:id/laptops") { _, context in
            let id = try id(context)
            // One of those that the page shows, and no other.
            guard let laptop = try laptops(of: id).first(where: { $0.id.description == context.form["device"] }) else {
                throw HTTPError(.notFound)
            }
            let (writer, isAdded) = (Desk.writer(try replica.facts()), context.form["carries"] == "yes")
            let entry = try replica.edit("Writing the caseload") { database in
                try isAdded
                    ? Caseloads.add(id.description, device: laptop.id.description, by: writer, in: database)
                    : Caseloads.remove(id.description, device: laptop.id.description, by: writer, in: database)
            }
            notices.leave(LaptopsView.said(of: entry, isOffice: writer.isOffice), for: context.formToken)
            return Response.seeOther("/case/\(id)/laptops")
        }
    }

    /// This device, as one that writes caseloads.
    static func writer(_ facts: ReplicaFacts) -> Caseloads.Writer {
        Caseloads.Writer(device: facts.device, partner: facts.partner, isOffice: facts.role == "office")
    }

    /// - Throws: ``Failure`` (noInput) for a case that is not here.
    private func laptops(of id: Identifier) throws -> [CaseLaptop] {
        try replica.checkLease("Showing who carries the case")
        let writer = Desk.writer(try replica.facts())
        return try replica.read("Showing who carries the case") { database in
            guard try CaseFiles.isHere(id, in: database) else {
                throw Failure(
                    .noInput, what: "Showing who carries the case", why: "this case is not on this device",
                    remedy: "Go back to the caseload, or ask the office")
            }
            return try Caseloads.laptops(of: id, by: writer, in: database)
        }
    }
}

/// The laptops, with what is said of one case and the way to say otherwise.
struct LaptopsView: FramedView {
    struct Laptop: Sendable {
        let id: String
        let name: String
        let status: String
        /// What the form asks for: `yes` or `no`.
        let carries: String
        let button: String
    }

    var frame: PageFrame
    let token: String
    let caseID: String
    let isOffice: Bool
    let isEmpty: Bool
    let laptops: [Laptop]

    init(_ frame: PageFrame, _ id: Identifier, _ laptops: [CaseLaptop], isOffice: Bool) {
        self.frame = frame
        token = frame.formToken
        caseID = id.description
        self.isOffice = isOffice
        isEmpty = laptops.isEmpty
        self.laptops = laptops.map { laptop in
            let mayTake = laptop.status == "ON" || !isOffice && laptop.status == "ASKED"
            return Laptop(
                id: laptop.id.description, name: laptop.name ?? "A laptop that is not served any more",
                status: LaptopsView.words(laptop.status), carries: mayTake ? "no" : "yes",
                button: mayTake ? "Take it off" : isOffice ? "Put it on" : "Ask for it")
        }
    }

    private static func words(_ status: String) -> String {
        switch status {
        case "ON": "Carries it"
        case "ASKED": "Asks for it"
        default: "Does not carry it"
        }
    }

    /// What follows, after what was asked for.
    static func said(of entry: CaseloadEntry, isOffice: Bool) -> String {
        switch entry.status {
        case "ON": "It goes to the laptop with the next syncs: yours, then the laptop's."
        case "ASKED": "Asked for; an office decides."
        default:
            isOffice
                ? "It leaves the laptop with the next syncs: yours, then the laptop's. What was written there arrives first."
                : "It leaves this laptop with the next sync. What was written here arrives first."
        }
    }
}
