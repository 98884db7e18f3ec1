import ReUniteReplica

/// What is asked of the replica.
struct ReplicaChecks {
    let status: ReplicaStatus
    let health: ReplicaHealth
    /// By this machine's clock, milliseconds since 1970.
    let now: Int64

    private static let day: Int64 = 86_400_000

    func findings() -> [Finding] {
        [
            sqlite(), structure(), triggers(), additions(), repairs(), clock(), keys(), lease(), standing(), outbox(),
        ]
    }

    /// Tables of the kind that replicas are made of came with 3.37.
    private func sqlite() -> Finding {
        let parts = health.sqliteVersion.split(separator: ".").compactMap { Int($0) }
        guard parts.count >= 2, (parts[0], parts[1]) >= (3, 37) else {
            return .attention(
                "sqlite", "SQLite \(health.sqliteVersion) is too old for other programs to open this file with.",
                do: "Install SQLite 3.37 or newer")
        }
        return .good("sqlite", "SQLite \(health.sqliteVersion).")
    }

    private func structure() -> Finding {
        guard let line = health.damage.first else { return .good("structure", "The file is sound.") }
        return .attention(
            "structure", "The file is damaged: \(line)",
            do: "Copy the file and its .device folder, then ask the hub operator for a code and join again")
    }

    private func triggers() -> Finding {
        guard health.isCaptureWhole else {
            return .attention(
                "triggers", "Another program has changed the tables: edits made since may not be in the change log.",
                do: "Have what is missing put back with 'reunite-sync verify'")
        }
        return .good("triggers", "Every edit goes into the change log.")
    }

    private func additions() -> Finding {
        let names = health.foreignObjects
        guard !names.isEmpty else { return .good("additions", "Nothing was added to the file.") }
        return .attention(
            "additions", "Others have added to the file: \(names.joined(separator: ", ")).",
            do: "Drop them if nobody needs them: they may keep copies of what has left")
    }

    private func repairs() -> Finding {
        guard let words = Wording.repairs(status.repairs) else {
            return .good("repairs", "Nothing had to be put right in the last 7 days.")
        }
        guard status.repairIncidents >= RepairLog.alarm else {
            return .good("repairs", "Put right in the last 7 days: \(words).")
        }
        return .attention(
            "repairs",
            "This file had to be put right \(status.repairIncidents) times in the last 7 days: \(words). "
                + "A program writes past the change log, or the disk is failing.",
            do:
                "Find that program, or copy the file to a sound disk; then ask the hub for everything anew "
                + "('bundle export --whole'); a sync does so by itself where values differed twice")
    }

    private func clock() -> Finding {
        if let warning = ClockWarning.text(skewMilliseconds: status.clockSkewMilliseconds) {
            return .attention("clock", warning, do: "Let the machine set its clock by the network")
        }
        // What the hub said is past; the clock has gone back since.
        guard now + 600_000 >= health.lastHubMilliseconds else {
            return .attention(
                "clock", "This machine's clock is before the last sync.", do: "Set the clock, then sync")
        }
        return health.lastHubMilliseconds == 0
            ? .unknown("clock", "The clock was never compared with the hub's: sync.")
            : .good("clock", "The clock was right at the last sync.")
    }

    private func keys() -> Finding {
        guard status.keysAreHere else {
            return .attention(
                "keys",
                "This device's keys are gone or damaged: nothing is sent or received; \(status.unsentEdits) edits wait.",
                do:
                    "Put the folder NAME.device back beside this file. If it is gone, ask the hub operator for "
                    + "a code, join under another file name, and type there what was not sent, which can be read here still "
                    + "('export')")
        }
        guard status.keysAreKnown else {
            return .attention(
                "keys", "The hub does not know this device's new keys yet.", do: "Sync, or hand in a bundle")
        }
        return .good("keys", "This device has its keys, of number \(status.keyNumber).")
    }

    private func lease() -> Finding {
        guard let lease = status.lease else { return .good("lease", "This device may stay away as long as it likes.") }
        let until = Output.time(lease.untilMilliseconds)
        if lease.isOver {
            return .attention(
                "lease", "The lease of this device has ended: nothing is shown.",
                do: "Sync; if the hub says the same, ask its operator to renew it ('hub device renew')")
        }
        guard lease.untilMilliseconds - now > 14 * ReplicaChecks.day else {
            return .attention("lease", "The lease of this device ends on \(until).", do: "Sync before")
        }
        return .good("lease", "The lease of this device runs until \(until).")
    }

    /// A week is more than any device should be away from every carrier.
    private func outbox() -> Finding {
        guard let oldest = status.oldestUnsentMilliseconds, now - oldest > 7 * ReplicaChecks.day else {
            return .good("outbox", "Nothing has waited to be sent for more than a week.")
        }
        return .attention(
            "outbox",
            "\(Wording.count(status.unsentEdits, "edit waits", "edits wait")) to be sent, the oldest since "
                + "\(Output.time(oldest)).",
            do: "Sync, or hand in a file made with 'bundle export' and import the hub's answer")
    }

    private func standing() -> Finding {
        switch status.refusal?.why {
        case .revoked?:
            .attention(
                "standing", "The hub has revoked this device.", do: "Give it back, or ask the hub operator for a code")
        case .suspended?:
            .attention(
                "standing", "The hub has seen another copy of this replica and serves neither.",
                do: "Ask the hub operator to let it in again ('hub device readmit')")
        case nil: .good("standing", "The hub has not refused this device.")
        }
    }
}
