import Foundation
import ReUniteSync

/// Reads the value that an operator typed for a cell, and checks it against the columns' types.
enum DecidedValue {
    private enum Scalar: Decodable {
        case null
        case flag(Bool)
        case integer(Int64)
        case real(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let integer = try? container.decode(Int64.self) {
                self = .integer(integer)
            } else if let real = try? container.decode(Double.self) {
                self = .real(real)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    /// The values of the columns, in their order.
    ///
    /// - Parameter json: an object that names every column, or a bare scalar where there is one.
    /// - Throws: ``Failure`` (badData) for what is not JSON, another column, or a value of the wrong type.
    static func read(_ json: String, for columns: [ColumnDescription]) throws -> [Value] {
        let data = Data(json.utf8)
        let named: [String: Scalar]
        if let object = try? JSONDecoder().decode([String: Scalar].self, from: data) {
            named = object
        } else if columns.count == 1, let scalar = try? JSONDecoder().decode(Scalar.self, from: data) {
            named = [columns[0].name: scalar]
        } else {
            throw refused("it is not the JSON of a value")
        }
        let names = columns.map(\.name)
        guard Set(named.keys) == Set(names) else {
            throw refused("it must name exactly \(names.joined(separator: ", "))")
        }
        return try columns.map { column in
            guard let scalar = named[column.name], let value = value(scalar, column.type) else {
                throw refused("\(column.name) takes a value of the type \(column.type.rawValue)")
            }
            return value
        }
    }

    /// The values of the columns, in their order, from what was typed into one field for each.
    ///
    /// - Throws: ``Failure`` (badData) for a field that its column cannot hold.
    static func read(typed fields: [String: String], for columns: [ColumnDescription]) throws -> [Value] {
        try columns.map { column in
            let text = fields[column.name] ?? ""
            if text.isEmpty { return .null }
            let value: Value? =
                switch column.type {
                case .integer: Int64(text).map { .integer($0) }
                case .real: Double(text).flatMap { $0.isFinite ? .real($0) : nil }
                case .text: .text(text)
                case .blob: Identifier(text).map { .blob($0.bytes) }
                }
            guard let value else { throw refused("\(column.name) takes a value of the type \(column.type.rawValue)") }
            return value
        }
    }

    private static func value(_ scalar: Scalar, _ type: ColumnType) -> Value? {
        switch (type, scalar) {
        case (_, .null): .null
        case (.integer, .integer(let integer)), (.real, .integer(let integer)):
            type == .real ? .real(Double(integer)) : .integer(integer)
        case (.integer, .flag(let flag)): .integer(flag ? 1 : 0)
        case (.real, .real(let real)): real.isFinite ? .real(real) : nil
        case (.text, .text(let text)): .text(text)
        // An id is typed as it is printed.
        case (.blob, .text(let text)): Identifier(text).map { .blob($0.bytes) }
        default: nil
        }
    }

    private static func refused(_ why: String) -> Failure {
        Failure(
            .badData, what: "Reading the value", why: why,
            remedy: "Fill in every field of it, or choose one of its values ('hub conflicts show')")
    }
}
