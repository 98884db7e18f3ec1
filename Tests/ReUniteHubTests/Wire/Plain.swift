import Foundation
import ReUniteSync

/// What a message says, as JSON in its one form: keys in order, no spaces, ASCII alone. Two programs that read the same
/// bytes alike print the same text.
indirect enum Plain: Hashable, Decodable {
    case null
    case flag(Bool)
    case number(Int64)
    case natural(UInt64)
    case text(String)
    case list([Plain])
    case map([String: Plain])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .natural(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Plain].self) {
            self = .list(value)
        } else {
            self = .map(try container.decode([String: Plain].self))
        }
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(Plain.self, from: Data(json.utf8))
    }

    var canonical: String {
        switch self {
        case .null: "null"
        case .flag(let value): value ? "true" : "false"
        case .number(let value): "\(value)"
        case .natural(let value): "\(value)"
        case .text(let value): Plain.quoted(value)
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .map(let fields):
            "{"
                + fields.sorted { $0.key < $1.key }.map { "\(Plain.quoted($0.key)):\($0.value.canonical)" }
                .joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: out += "\\\""
            case 0x5C: out += "\\\\"
            case 0x0A: out += "\\n"
            case 0x0D: out += "\\r"
            case 0x09: out += "\\t"
            case 0x08: out += "\\b"
            case 0x0C: out += "\\f"
            case 0x20...0x7E: out.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return out + "\""
    }

    // MARK: Looking into it

    subscript(_ key: String) -> Plain {
        if case .map(let fields) = self { fields[key] ?? .null } else { .null }
    }

    var items: [Plain] {
        if case .list(let items) = self { items } else { [] }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The bytes that a text in hexadecimal stands for.
    var bytes: [UInt8]? {
        guard let digits = text?.utf8.map({ Character(Unicode.Scalar($0)).hexDigitValue }), digits.count % 2 == 0 else {
            return nil
        }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }
}

extension Plain {
    static func id(_ identifier: Identifier) -> Plain { .text(identifier.description) }
    static func bytes(_ bytes: some Sequence<UInt8>) -> Plain { .text(hexText(bytes)) }
    static func list<Item>(_ items: some Sequence<Item>, _ plain: (Item) throws -> Plain) rethrows -> Plain {
        .list(try items.map(plain))
    }
}

func hexText(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
