import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What lies at this replica for other devices: what waits, and what the hub refused.
struct CarriedHere: Sendable {
    /// A file that the hub refused.
    struct Refused: Sendable {
        /// To be named by, in an address.
        let name: String
        let token: String
        let heading: String
        let why: String
        let facts: [Fact]
    }

    let waiting: Int
    let refused: [Refused]

    init(_ replica: Replica, token: String) throws {
        let box = replica.relayBox
        waiting = box.waiting().count
        let files = box.refused()
        let names = try replica.read("Reading the devices") { database in
            try files.map { try PartnerDevices.name(of: $0.item.device.description, in: database) }
        }
        refused = zip(files, names).map { file, name in
            let made = CivilTime.londonMinute(milliseconds: file.item.label.createdMilliseconds)
            return Refused(
                name: file.name, token: token, heading: "A file of \(name ?? "a device that is not known here")",
                why: PlainSentence.withoutCommands(file.why),
                facts: [
                    Fact(label: "Made", text: made),
                    Fact(label: "Refused", text: CivilTime.londonMinute(milliseconds: file.atMilliseconds)),
                ])
        }
    }
}
