import GRDB
import ReUniteReplica
import ReUniteSync

/// The classes that rows have by a value of their own.
extension HubSchema {
    /// The class of a row that shows these values. A value that `ru_row_class` does not name leaves the row in its
    /// table's class, which protects most.
    func disclosureClass(of table: TableDescription, showing values: [Value]) -> UInt8 {
        guard let (column, classes) = rowClasses[table.number], values.indices.contains(column),
            let name = values[column].declaredName
        else { return table.disclosureClass }
        return classes[name] ?? table.disclosureClass
    }

    /// Reads which value of a table's class column means which class.
    ///
    /// - Throws: ``Failure`` (configuration) when the network names a class that it does not have.
    static func rowClasses(
        _ tables: SchemaDescription, _ declared: [Row], _ database: Database
    ) throws -> [UInt16: (column: Int, classes: [String?: UInt8])] {
        let codes = try ClassCodes(database)
        var found: [UInt16: (column: Int, classes: [String?: UInt8])] = [:]
        for table in tables.tables {
            guard let column = table.columns.firstIndex(where: { $0.name == table.classColumn }) else { continue }
            var classes: [String?: UInt8] = [:]
            for row in declared where row["tbl"] == table.name {
                guard let bit = codes.bit(of: row["class"]) else {
                    throw ManifestReader.unusable(table.name, "ru_row_class names a class that the network lacks")
                }
                let value: String? = row["value"]
                classes[value] = bit
            }
            found[table.number] = (column, classes)
        }
        return found
    }
}
