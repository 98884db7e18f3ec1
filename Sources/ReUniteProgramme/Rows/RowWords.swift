import GRDB
import ReUniteReplica
import ReUniteSync

/// What the values of one kind of record are called.
struct RowWords {
    let table: String
    let words: Labels.Table
    private let labels: Labels
    private let codes: [Identifier: String]
    private let names: RowNames

    init(_ table: String, in database: Database) throws {
        self.table = table
        labels = try Labels(database)
        codes = try Partners.codes(in: database)
        words = labels.table(table)
        names = RowNames(database, labels)
    }

    func column(_ name: String) -> String { labels.column(table, name) }

    /// A value in words.
    ///
    /// - Parameter text: the value as the engine prints it.
    func word(_ text: String, _ column: Labels.Column) -> String {
        if column.name.hasSuffix("_at"), let time = Int64(text) {
            return CivilTime.londonMinute(milliseconds: time)
        }
        if column.isYesOrNo { return text == "0" ? "No" : "Yes" }
        if let key = Identifier(text) {
            if let code = codes[key] { return code }
            return (try? names.name(of: key, in: names.targets(of: column.name, in: table))) ?? "On record"
        }
        return labels.coded(text, column, table)
    }

    /// The record as it is here; nil where it is not.
    func record(_ id: Identifier, in database: Database) throws -> Record? {
        try Record.fetch(table, where: "id", is: id, codes: codes, in: database).first
    }
}
