import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("A device may say any time of its clock")
struct ClaimedClockTests {
    @Test(
        "What the hub notes of it can be worked with",
        arguments: [Int64.min, .min + 1, -1, 0, 1 << 62, .max - 1, .max])
    func extremes(wall: Int64) throws {
        let world = try PolicyWorld()
        let hundredYears: Int64 = 100 * 365 * 86_400_000
        let now = world.time.wallMilliseconds
        for claimed in [wall, wall &+ now, wall &- now, now &- wall] {
            var request = try world.guest.replica.nextRequest(after: 0, limit: 1_000).request
            request.clock.wallMilliseconds = claimed
            _ = try world.guest.exchange(request)
            let device = try #require(try world.hub.devices().first { $0.name == "guest" })
            let skew = try #require(device.clockSkewMilliseconds)
            #expect(skew.magnitude <= UInt64(hundredYears))
            if claimed == 0 { #expect(skew == -now) }
        }
    }
}
