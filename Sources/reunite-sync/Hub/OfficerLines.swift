import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The officers' days beside what waits for them.
extension OfficerClock {
    /// Above a queue: when they are next in.
    func tell() {
        for officer in officers { say("\(officer.words)") }
    }

    /// How long it has waited, and how many of the officers' days.
    func age(since milliseconds: Int64) -> String {
        words(Wording.age(since: milliseconds), since: milliseconds)
    }

    /// Of what is closed nobody waits for anything.
    func age(of conflict: OpenConflict) -> String {
        conflict.state == "open"
            ? age(since: conflict.openedMilliseconds) : Wording.age(since: conflict.openedMilliseconds)
    }
}

extension Hub {
    func officerClock() throws -> OfficerClock {
        try read("Reading the officers' days") { try OfficerClock(in: $0, now: now) }
    }
}
