import GRDB
import ReUniteSync

@testable import ReUniteProgramme

extension Network {
    /// Imports lines of a file into a table of Surrey's replica.
    ///
    /// - Parameter map: the lines of a map, without its headings.
    @discardableResult
    func load(
        _ lines: String..., into table: String, map: String = "",
        _ change: (inout RecordImport.Options) -> Void = { _ in }
    ) throws -> ImportReport {
        var options = RecordImport.Options()
        if !map.isEmpty { options.map = try MapLine.read(Array(("heading,column,value,meaning\n" + map).utf8)) }
        change(&options)
        let file = try CSVFile(Array(lines.joined(separator: "\n").utf8))
        return try edit {
            try RecordImport(file, into: table, options: options).run(by: Network.surrey, in: $0, now: Network.noon)
        }
    }

    func values(_ sql: String) throws -> [String] {
        try edit { try String.fetchAll($0, sql: sql) }
    }
}
