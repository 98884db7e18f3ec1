import ReUniteHub
import ReUniteSync

/// Every partner with its devices, and what about each of them wants a person's eye.
struct BoardView: FramedView {
    struct Device: Sendable {
        let name: String
        let role: String
        let state: String
        /// What wants an eye, in words.
        let marks: [String]
        let seen: String
        let behind: String
        let unsent: String
        let purges: String
        let clock: String
        let schema: String
        let lease: String
    }

    struct Partner: Sendable {
        let code: String
        let name: String
        let isActive: Bool
        let isEmpty: Bool
        let devices: [Device]
    }

    var frame: PageFrame
    let summary: [Fact]
    let isEmpty: Bool
    let partners: [Partner]

    /// After so many days without a word, in milliseconds, an office wants an eye: it syncs every night.
    private static let silence: Int64 = 3 * 86_400_000
    /// Clocks may differ by so much.
    private static let skew: Int64 = 15 * 60_000

    init(
        _ partners: [Hub.Partner], _ devices: [Hub.Device], _ purges: [Hub.Purge], schema: Int, leaseDays: Int?,
        now: Int64, _ frame: PageFrame
    ) {
        self.frame = frame
        let owed = Dictionary(grouping: purges, by: \.device)
        let byPartner = Dictionary(grouping: devices, by: \.partner)
        var marked = 0
        self.partners = partners.map { partner in
            let views = (byPartner[partner.code] ?? []).map { device in
                BoardView.device(device, owed[device.id] ?? [], schema: schema, now: now)
            }
            marked += views.filter { !$0.marks.isEmpty }.count
            return Partner(
                code: partner.code, name: partner.name, isActive: partner.active, isEmpty: views.isEmpty,
                devices: views)
        }
        isEmpty = partners.isEmpty
        summary = [
            Fact(label: "Partners", text: String(partners.filter(\.active).count)),
            Fact(label: "Devices", text: String(devices.filter { $0.state == "enrolled" }.count)),
            Fact(label: "Wanting an eye", text: String(marked)),
            Fact(label: "Purges owed", text: String(purges.count)),
            Fact(label: "Schema", text: String(schema)),
            Fact(label: "Lease", text: leaseDays.map { ConsoleWords.count($0, "day") } ?? "none"),
        ]
    }

    private static func device(_ device: Hub.Device, _ owed: [Hub.Purge], schema: Int, now: Int64) -> Device {
        var marks: [String] = []
        if device.state == "suspended" { marks.append("Two copies seen: shut out") }
        if device.state == "expired" { marks.append("Lease has ended") }
        let isServed = device.state == "enrolled"
        if isServed, device.lastSeen.map({ now - $0 > silence }) ?? true { marks.append("Silent") }
        if isServed, device.digest == "mismatch" { marks.append("Does not agree with the hub") }
        if let skew = device.clockSkewMilliseconds, skew.magnitude > BoardView.skew { marks.append("Clock is wrong") }
        if isServed, let version = device.schema, version < Int64(schema) { marks.append("Older program") }
        if let version = device.schema, version > Int64(schema) { marks.append("Newer program than the hub") }
        if !owed.isEmpty { marks.append("Purge owed") }
        let oldest = owed.map(\.sinceMilliseconds).min()
        return Device(
            name: device.name, role: device.role, state: device.state, marks: marks,
            seen: device.lastSeen.map { "\(ConsoleWords.span(now - $0)) ago" } ?? "never",
            behind: ConsoleWords.count(device.behind, "change"), unsent: unsent(device, now: now),
            purges: oldest.map { "\(owed.count), for \(ConsoleWords.span(now - $0))" } ?? "none",
            clock: device.clockSkewMilliseconds.map { clock($0) } ?? "not known",
            schema: device.schema.map { String($0) } ?? "not known",
            lease: device.lease.map { ConsoleWords.day(milliseconds: $0) } ?? "none")
    }

    /// The hub knows what a device said when it was last there, and no more.
    private static func unsent(_ device: Hub.Device, now: Int64) -> String {
        guard device.unsent > 0, let seen = device.lastSeen else { return "none" }
        return "\(ConsoleWords.count(device.unsent, "edit")), at least \(ConsoleWords.span(now - seen)) old"
    }

    private static func clock(_ skew: Int64) -> String {
        if skew.magnitude < 60_000 { return "right" }
        return "\(ConsoleWords.span(Int64(clamping: skew.magnitude))) \(skew > 0 ? "fast" : "slow")"
    }
}
