import ReUniteSync

/// The time as far as a device can tell without asking anybody, for what must not be read after an hour.
///
/// A wall clock alone would not do: whoever puts it back would read on. So the time is never before the hub's clock at
/// the last sync, the newest change that was sealed since, and the time that was told last here; and while the machine
/// has not been restarted, that one moves on by a clock that nobody sets.
package struct KnownTime: Hashable, Sendable {
    /// Milliseconds since 1970: the wall clock, put right by what the hub said of it.
    package let wall: Int64
    /// The earliest that it can be, whatever the wall clock shows.
    package let earliest: Int64

    package init(wall: Int64, earliest: Int64) {
        self.wall = wall
        self.earliest = earliest
    }

    package var now: Int64 { max(wall, earliest) }

    /// Whether the wall clock stands before what is known, by more than clocks may differ: it was put back, or stopped.
    package var isPutBack: Bool { earliest - wall > EffectiveTime.tolerance }
}

extension Replica {
    /// Tells the time, and remembers it beside the replica.
    ///
    /// - Parameter isNeeded: whether it must be remembered to be relied on. Where it is a matter of days, a full disk must
    ///   not keep somebody from her work.
    /// - Throws: ``Failure`` when it could not be remembered and must be.
    package func knownTime(rememberingIsNeeded isNeeded: Bool = true) throws -> KnownTime {
        let facts = try facts()
        let wall = time.wallMilliseconds - facts.skewMilliseconds
        let monotonic = time.monotonicMilliseconds
        var earliest = facts.lastHubMilliseconds
        // What the hub had by then was not written after it, whatever this clock showed.
        if facts.clock != facts.clockAtHub {
            earliest = max(earliest, facts.clock.milliseconds - facts.skewMilliseconds)
        }
        // After a sync the hub's word stands in the place of what this clock said before.
        if let mark = try vault.timeMark(), mark.hub == facts.lastHubMilliseconds {
            let isSameRun = mark.boot == time.boot && time.boot != .zero && monotonic >= mark.monotonic
            earliest = max(earliest, mark.now + (isSameRun ? monotonic - mark.monotonic : 0))
        }
        let known = KnownTime(wall: wall, earliest: earliest)
        do {
            try vault.store(
                DeviceVault.TimeMark(
                    now: known.now, monotonic: monotonic, boot: time.boot, hub: facts.lastHubMilliseconds))
        } catch {
            if isNeeded { throw error }
        }
        return known
    }
}

extension DeviceVault {
    /// The time that was told last.
    struct TimeMark: Hashable, Sendable {
        var now: Int64
        /// By the clock that nobody sets, in the run of the machine that `boot` names.
        var monotonic: Int64
        var boot: Identifier
        /// The hub's clock at the last sync before.
        var hub: Int64
    }

    private var markPath: String { folder + "/time" }

    func store(_ mark: TimeMark) throws {
        var out = ByteWriter()
        out.byte(1)
        out.zigzag(mark.now)
        out.zigzag(mark.monotonic)
        out.identifier(mark.boot)
        out.zigzag(mark.hub)
        try DurableFile.write(out.bytes, to: markPath)
    }

    /// Nil where there is none. One that is damaged says nothing: whoever can change it can as well remove it.
    func timeMark() throws -> TimeMark? {
        guard let bytes = try DurableFile.read(markPath) else { return nil }
        var input = ByteReader(bytes)
        guard let version = try? input.byte("time mark version"), version == 1,
            let now = try? input.zigzag("time mark"), let monotonic = try? input.zigzag("time mark clock"),
            let boot = try? input.identifier("time mark boot"), let hub = try? input.zigzag("time mark hub")
        else { return nil }
        return TimeMark(now: now, monotonic: monotonic, boot: boot, hub: hub)
    }
}
