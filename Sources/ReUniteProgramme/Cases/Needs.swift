package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Something a woman needs support with.
package struct NewNeed: Hashable, Sendable {
    /// A code of `need.category`.
    package var category: String
    package var section: String?
    package var detail: String

    package init(category: String, section: String? = nil, detail: String = "") {
        self.category = category
        self.section = section
        self.detail = detail
    }
}

package enum Needs {
    /// Adds a need to a case. Returns the need's id.
    @discardableResult
    package static func add(_ need: NewNeed, to text: String, in database: Database) throws -> Identifier {
        try add(need, to: try Lookup.caseFile(text, in: database), in: database)
    }

    static func add(_ need: NewNeed, to id: Identifier, in database: Database) throws -> Identifier {
        try Codes.check(need.category, list: "need.category", what: "Adding the need", in: database)
        return try database.add(
            "need",
            ["case_id": id.sqlBlob, "category": need.category, "section": need.section, "detail": need.detail])
    }
}
