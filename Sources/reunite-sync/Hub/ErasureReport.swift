import ReUniteHub
import ReUniteSync

struct ErasureReport: Encodable {
    struct Holder: Encodable {
        var partner: String
        var device: String
        var deviceName: String
        var role: String
        var state: String
        var holds: Bool
        @OrNull var lastSeen: String?
        var confirmed: Bool
    }

    var id: String
    var state: String
    @OrNull var caseID: String?
    var scopes: [String]
    var code: String
    var reason: String
    var requested: String
    var requestedBy: String
    @OrNull var executed: String?
    @OrNull var confirmedBy: String?
    var rows: [Erasure.TableCount]
    var batches: Int
    var scrubbed: Bool
    var devices: [Holder]
    var legalHolds: [LegalHoldReport]

    private enum CodingKeys: String, CodingKey {
        case caseID = "case"
        case id, state, scopes, code, reason, requested, requestedBy, executed, confirmedBy, rows, batches, scrubbed
        case devices, legalHolds
    }

    init(_ erasure: Erasure) {
        id = erasure.id
        state = erasure.state.rawValue
        caseID = erasure.scopes.first?.description
        scopes = erasure.scopes.map(\.description)
        code = erasure.code
        reason = erasure.reason
        requested = Output.time(erasure.requestedMilliseconds)
        requestedBy = erasure.requestedBy
        executed = Output.time(erasure.executedMilliseconds)
        confirmedBy = erasure.confirmedBy
        rows = erasure.rows
        batches = erasure.batches
        scrubbed = erasure.isScrubbed
        devices = erasure.holders.map {
            Holder(
                partner: $0.partner, device: $0.device, deviceName: $0.deviceName, role: $0.role, state: $0.state,
                holds: $0.holds, lastSeen: Output.time($0.lastSeenMilliseconds), confirmed: $0.hasConfirmed)
        }
        legalHolds = erasure.holds.map(LegalHoldReport.init)
    }

    static func show(_ erasure: Erasure) {
        let isDone = erasure.state == .executed
        say("Erasure \(erasure.id): \(erasure.state.rawValue)")
        say("  asked for \(Output.time(erasure.requestedMilliseconds)) by \(erasure.requestedBy): \(erasure.reason)")
        if let executed = erasure.executedMilliseconds {
            say("  executed  \(Output.time(executed)), confirmed by \(erasure.confirmedBy ?? "?")")
            say("  values were taken out of \(erasure.batches) stored batches")
        }
        say("")
        Output.table(
            [isDone ? "ERASED" : "IT COVERS", "ROWS"], erasure.rows.map { [$0.label, String($0.count)] })
        say("")
        Output.table(
            ["PARTNER", "DEVICE", "ROLE", "LAST SEEN", isDone ? "GONE THERE" : "HOLDS IT"],
            erasure.holders.map {
                let word =
                    isDone
                    ? ($0.hasConfirmed ? "confirmed" : "not confirmed") : ($0.holds ? "may see it now" : "did once")
                return [
                    $0.partner, $0.deviceName + ($0.state == "revoked" ? " (revoked)" : ""), $0.role,
                    Output.time($0.lastSeenMilliseconds) ?? "never", word,
                ]
            })
        for hold in erasure.holds {
            say("\nA legal hold forbids it (\(hold.id.prefix(8)), placed by \(hold.placedBy)): \(hold.reason)")
        }
    }
}
