package import Foundation
package import GRDB
package import ReUniteSync

extension [UInt8] {
    /// The bytes as GRDB takes a BLOB. For the few statements that go through GRDB's arguments.
    package var sqlBlob: Data { Data(self) }
}

extension Identifier {
    package var sqlBlob: Data { Data(bytes) }
}

extension Value {
    /// What a column holds.
    package init(_ stored: DatabaseValue) {
        self =
            switch stored.storage {
            case .null: .null
            case .int64(let integer): .integer(integer)
            case .double(let real): .real(real)
            case .string(let text): .text(text)
            case .blob(let data): .blob(Array(data))
            }
    }

    /// The value as GRDB binds it.
    package var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): bytes.sqlBlob.databaseValue
        }
    }
}

extension Row {
    /// The identifier in a 16-byte BLOB column; zero for anything else.
    package func identifier(_ column: String) -> Identifier {
        let data: Data? = self[column]
        return data.flatMap { Identifier(bytes: $0) } ?? .zero
    }

    package func bytes(_ column: String) -> [UInt8] {
        let data: Data? = self[column]
        return data.map { Array($0) } ?? []
    }
}
