/// The encoder's division of a payload's entries into sections.
struct SectionPlan {
    private(set) var heads: [SectionHead] = []
    /// The entries of each section, in their order.
    private(set) var members: [[Int]] = []
    /// The section of each entry.
    private(set) var sectionOf: [Int] = []

    /// What is known of a table: its layout where it can be used, and its sections.
    private struct Table {
        var columns: [UInt8]?
        var columnsPerGroup: [Int] = []
        var regular: Int?
        var loose: Int?
    }
    private var tables: [UInt16: Table] = [:]
    private var cells = 0

    init(reserving count: Int) {
        sectionOf.reserveCapacity(count)
    }

    /// Puts the next entry into its section.
    mutating func add(
        table number: UInt16, groups: UInt64, values: Int, layout: some ColumnLayout
    ) throws(FormatError) {
        cells += values
        guard values <= DecodeLimits.columnsPerTable, cells <= DecodeLimits.cellsPerPayload else {
            throw FormatError(.tooLarge, "delta values")
        }
        var table = tables[number] ?? SectionPlan.table(layout.columnGroups(of: number))
        let isLoose = table.columns == nil || SectionHead.values(of: groups, table.columnsPerGroup) != values
        let section: Int
        if let known = isLoose ? table.loose : table.regular {
            section = known
        } else {
            section = heads.count
            heads.append(SectionHead(table: number, isLoose: isLoose, columns: isLoose ? [] : table.columns ?? []))
            members.append([])
            if isLoose { table.loose = section } else { table.regular = section }
            tables[number] = table
        }
        heads[section].count += 1
        members[section].append(sectionOf.count)
        sectionOf.append(section)
    }

    private static func table(_ columns: [UInt8]?) -> Table {
        guard let columns, columns.count <= DecodeLimits.columnsPerTable, columns.allSatisfy({ $0 < 64 }) else {
            return Table()
        }
        let head = SectionHead(table: 0, isLoose: false, columns: columns)
        return Table(columns: columns, columnsPerGroup: head.columnsPerGroup)
    }

    /// Writes the heads and how the sections interleave. `ranks` are the entries' ranks in their order.
    func write(ranks: [UInt64], to out: inout ByteWriter) {
        out.varint(heads.count)
        for head in heads { out.sectionHead(head) }
        let order = order(ranks: ranks)
        out.byte(order.rawValue)
        guard order == .runs else { return }
        var start = 0
        while start < sectionOf.count {
            let section = sectionOf[start]
            var end = start + 1
            while end < sectionOf.count && sectionOf[end] == section { end += 1 }
            out.varint(section + heads.count * (end - start - 1))
            start = end
        }
    }

    private func order(ranks: [UInt64]) -> DeltaFormat.Order {
        var isConcatenated = true
        var isMerged = heads.count <= DeltaFormat.mergedSections
        for index in sectionOf.indices.dropFirst() {
            let section = sectionOf[index]
            let previous = sectionOf[index - 1]
            if section < previous { isConcatenated = false }
            if (ranks[index], section) < (ranks[index - 1], previous) { isMerged = false }
            if !isConcatenated && !isMerged { return .runs }
        }
        return isConcatenated ? .concatenated : .merged
    }
}
