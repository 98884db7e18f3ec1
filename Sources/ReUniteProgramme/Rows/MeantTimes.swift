/// Times that somebody can mean: the hub sends any other back (`ru_bound`).
package enum MeantTimes {
    /// Milliseconds since 1970, of the years 1900 to 2199.
    package static let range: ClosedRange<Int64> = -2_208_988_800_000...7_258_118_399_999
    package static let why = "it is of a year before 1900 or after 2199"
}
