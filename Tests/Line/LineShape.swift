/// What a bad line does to what it carries.
package struct LineShape: Sendable {
    /// When a connection is cut, in the middle of whatever it carries.
    package enum Cut: Sendable {
        case never
        /// After so many bytes of a connection, both ways together. The bytes until then arrive.
        case afterBytes(Int)
        /// After a time drawn from an exponential distribution with this mean, in milliseconds.
        case afterTime(mean: Double)
    }

    package var cut = Cut.never
    /// The goodput of each direction; nil for as fast as it goes.
    package var bytesPerSecond: Double?
    /// What is added before the first byte of an answer and of a request, in milliseconds.
    package var latency: Double = 0
    /// How long a new connection takes to come about after a cut, in milliseconds.
    package var reconnect: Double = 0
    /// From this seed the times of cuts are drawn.
    package var seed: UInt64 = 1

    package init() {}
}

/// What a line has carried.
package struct LineCount: Hashable, Sendable {
    package var connections = 0
    package var up = 0
    package var down = 0
    /// How often what came up began anew after something had gone down: exchanges.
    package var turns = 0

    package var bytes: Int { up + down }
}
