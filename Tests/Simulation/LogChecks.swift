import ReUniteHub
import ReUniteReplica
import ReUniteSync

/// What must hold of the hub's audit log at rest: it and the tables say the same, nobody was shown two histories, and every
/// value is the one that its author signed.
enum LogChecks {
    static func complaints(_ hub: Hub, _ replicas: [(name: String, replica: Replica)]) throws -> [String] {
        let head = try hub.auditHead()
        // A world takes a suspension back by hand, for which there is no command.
        let byHand = "'\(AuditKind.deviceSuspended.word)'"
        let findings = try hub.verifyAudit().findings.filter { $0.code != "act-gone" || !$0.what.contains(byHand) }
            .map { "(log) \($0.code): \($0.what)" }
        let values = try hub.verify().filter { $0.kind == .value }.map { "(log) \($0.what)" }
        return try findings + values
            + replicas.compactMap { (name, replica) -> String? in
                guard let audit = try replica.status().audit else { return "(log) \(name) knows nothing of it" }
                if audit.refused != nil { return "(log) \(name) was shown two histories" }
                return audit.head.size > head.size ? "(log) \(name) knows more of it than there is" : nil
            }
    }
}

extension Simulation {
    func logComplaints() throws -> [String] {
        try LogChecks.complaints(world.hub, world.devices.filter { !$0.isRetired }.map { ($0.name, $0.replica) })
    }
}
