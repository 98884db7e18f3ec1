import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// Times, spans and counts as the console words them.
enum ConsoleWords {
    /// Such as `2026-11-23 14:05`, by a clock in the United Kingdom: as records hold days, and as they are typed.
    static func moment(_ milliseconds: Int64) -> String { CivilTime.londonMinute(milliseconds: milliseconds) }

    /// Such as `2026-11-23`.
    static func day(milliseconds: Int64) -> String { CivilTime.londonDate(milliseconds: milliseconds) }

    /// In the largest unit that says enough.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = max(0, milliseconds) / 60_000
        if minutes == 0 { return "under a minute" }
        if minutes < 120 { return count(minutes, "minute") }
        if minutes < 2 * 1_440 { return count(minutes / 60, "hour") }
        return count(minutes / 1_440, "day")
    }

    static func count(_ number: some BinaryInteger, _ unit: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? unit : many ?? unit + "s")"
    }

    static func bytes(_ count: Int64) -> String {
        if count < 1_000 { return "\(count) B" }
        if count < 1_000_000 { return "\((count + 500) / 1_000) kB" }
        let tenths = (count + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }

    /// An id as far as a person needs it to tell one from another.
    static func short(_ id: String) -> String { String(id.suffix(8)) }

    static let withheld = "Withheld: it is among what the hub's pages never show"
}

/// What people call the scopes on a page: references, and names where somebody asked for them.
struct ScopeLabels: Sendable {
    private let names: [Identifier: ScopeName]
    private let showsNames: Bool
    private let staff: [Identifier: String]

    /// - Parameter authors: the staff members who wrote what the page shows.
    init(
        _ scopes: [String], _ visit: Console.Visit, showsNames: Bool = false, authors: [String?] = []
    ) throws {
        let written = showsNames ? authors.compactMap { $0 }.compactMap { Identifier($0) } : []
        staff = try visit.hub.read("Finding the workers") { try StaffUsers.names(of: written, in: $0) }
        let ids = scopes.compactMap { Identifier($0) }
        names = try visit.hub.read("Finding the cases") { try ScopeNames.find(ids, in: $0) }
        self.showsNames = showsNames
    }

    func reference(_ scope: String) -> String {
        Identifier(scope).flatMap { names[$0]?.reference } ?? ConsoleWords.short(scope)
    }

    /// Who wrote something: by role, and by name where somebody asked for names.
    func author(_ id: String?, role: String?, device: String) -> String {
        let name = id.flatMap { Identifier($0) }.flatMap { staff[$0] }
        return [name, role ?? "not signed in", "\(device) device"].compactMap(\.self).joined(separator: ", ")
    }

    /// The button that asks for names, or the names.
    func view(of scope: String, action: String, token: String) -> NamesView {
        let name = Identifier(scope).flatMap { names[$0] }
        guard showsNames else { return NamesView(action: action, token: token, isAsked: false, facts: []) }
        let known = name?.knownAs ?? ""
        let legal = name?.legalName ?? ""
        return NamesView(
            action: action, token: token, isAsked: true,
            facts: [
                Fact(label: "Known as", text: known.isEmpty ? "not recorded" : known),
                Fact(label: "Name", text: legal.isEmpty ? "not recorded" : legal),
            ])
    }
}

/// Names, on demand.
struct NamesView: Sendable {
    let action: String
    let token: String
    let isAsked: Bool
    let facts: [Fact]
}
