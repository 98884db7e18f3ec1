/// How much of a list that grows with the network is read: one page of it, or all.
public struct ListPart: Hashable, Sendable {
    private let number: Int
    private let size: Int

    /// All of it, as one page.
    public static let whole = ListPart(number: 1, size: Int(Int32.max))

    /// One page.
    ///
    /// - Parameters:
    ///   - number: from 1; the last page where there are fewer.
    ///   - size: so many entries make a page.
    public static func page(_ number: Int, of size: Int) -> ListPart {
        ListPart(number: number, size: max(1, size))
    }

    /// The page of a list.
    ///
    /// - Parameters:
    ///   - total: how many entries all of it has.
    ///   - read: reads entries, given what the SQL statement ends with: how many, and after how many others.
    package func read<Entry>(of total: Int, _ read: (_ limit: String) throws -> [Entry]) rethrows -> ListPage<Entry> {
        let pages = max(1, (total + size - 1) / size)
        let place = min(max(1, number), pages)
        return ListPage(
            entries: try read("LIMIT \(size) OFFSET \((place - 1) * size)"), total: total, number: place, pages: pages)
    }
}

/// One page of a list, and how much there is besides.
public struct ListPage<Entry> {
    public let entries: [Entry]
    /// How many entries there are on all pages.
    public let total: Int
    /// Which page it is, from 1.
    public let number: Int
    /// At least 1.
    public let pages: Int
}

extension ListPage: Sendable where Entry: Sendable {}
