/// The times that a section's entries are known to have before its columns are read: what dates, instants and new
/// identifiers are written against. By entry, in milliseconds since 1970.
struct SectionClocks {
    /// The first 48 bits of each key, which in a UUIDv7 are its time.
    var keys: [Int64]
    /// The stamp of each op; empty for row states, which have none.
    var stamps: [Int64]

    /// What the difference is counted in.
    enum Unit {
        case milliseconds
        /// Days since 2025-01-01.
        case days

        /// A time in this unit.
        @inline(__always)
        func count(_ milliseconds: Int64) -> Int64 {
            self == .milliseconds ? milliseconds : milliseconds / DeltaFormat.dayMilliseconds - DeltaFormat.dayZero
        }
    }
}
