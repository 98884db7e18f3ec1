/// Which page of the navigation this is.
///
/// Views hold no optionals: Mustache looks for a missing value in whatever stands around it.
struct Here: Sendable {
    var caseload = false
    var replica = false
}

/// A word and what stands beside it.
struct Fact: Sendable {
    let label: String
    let text: String
}

/// Why a page is not shown.
struct RefusalView: Sendable {
    /// Also the heading. No value from the data.
    let title: String
    let why: String
    let remedy: String
    let here = Here()
}
