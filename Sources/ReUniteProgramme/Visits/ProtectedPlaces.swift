import GRDB
import ReUniteReplica
import ReUniteSync

/// A case's addresses that endanger her if they get about: their lines and postcodes, to take out of free text that
/// somebody wrote one into.
struct ProtectedPlaces {
    private let pieces: [String]

    /// What is shorter may be a part of anything.
    private static let shortest = 5

    init(of id: Identifier, in database: Database) throws {
        let rows = try Row.fetchAll(
            database, sql: "SELECT lines, postcode FROM address WHERE case_id = ? AND confidentiality <> 'NORMAL'",
            arguments: [id.sqlBlob])
        pieces = rows.flatMap { row -> [String] in
            let lines: String = row["lines"] ?? ""
            let postcode: String = row["postcode"] ?? ""
            return lines.split { $0.isNewline || $0 == "," }.map(String.init) + [postcode]
        }.map(ProtectedPlaces.bare).filter { $0.utf8.count >= ProtectedPlaces.shortest }
    }

    /// The text, or the word that something is withheld.
    func clean(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        let bare = ProtectedPlaces.bare(text)
        return pieces.contains { bare.contains($0) } ? "(withheld: an address)" : text
    }

    private static func bare(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
