/// How many pages a delivery may have, by what they carry.
///
/// To read a page costs something that does not hang on its size: the memory of what inflates and models it, up to a
/// megabyte. A hub ends a page after 4,000 rows or two megabytes of values; only the last of a delivery is smaller, and
/// those of rows too large for one page that were halved. So whoever sends ten thousand pages with a row each is no hub that
/// should be listened to.
struct PageBudget {
    private var pages = 0
    private var carried = 0

    /// So many may carry as little as they like.
    private static let free = 16
    /// What each of the others carries on average: so many bytes of values, an eighth of that encoded, or 64 rows.
    private static let bytesPerPage = 1 << 16

    /// The rows of the next page.
    ///
    /// - Throws: `malformed` for a page without rows, `tooLarge` for one too many.
    mutating func rows(of page: [UInt8]) throws(FormatError) -> [RowState] {
        let rows = try RowCodec.decodeByTable(page)
        guard !rows.isEmpty else { throw FormatError(.malformed, "delivery page") }
        pages += 1
        carried += max(rows.count * PageBudget.bytesPerPage / 64, page.count * 8)
        if page.count * 8 < PageBudget.bytesPerPage { carried += PageBudget.size(of: rows) }
        guard pages <= PageBudget.free + carried / PageBudget.bytesPerPage else {
            throw FormatError(.tooLarge, "delivery pages")
        }
        return rows
    }

    private static func size(of rows: [RowState]) -> Int {
        rows.reduce(0) { sum, row in
            row.values.reduce(sum) { sum, value in
                switch value {
                case .text(let text): sum + text.utf8.count
                case .blob(let bytes): sum + bytes.count
                default: sum
                }
            }
        }
    }
}
