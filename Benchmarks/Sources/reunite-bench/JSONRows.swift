/// The usual way to ship changes: one JSON object a row and line, with the row's clock.
enum JSONRows {
    static func encode(_ changes: [Change]) -> [UInt8] {
        var bytes: [UInt8] = []
        for change in changes {
            let table = BenchSchema.tables[change.table]
            let head = #"{"t":"\#(table.name)","id":"\#(change.key.text)","hlc":\#(change.milliseconds << 16)"#
            bytes += Array((head + #","s":1,"v":{"#).utf8)
            switch change.content {
            case .insert(let fields):
                for (index, field) in fields.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    append(table.columns[index].name, field, to: &bytes)
                }
            case .update(let column, let value):
                append(table.columns[column].name, value, to: &bytes)
            }
            bytes += Array("}}\n".utf8)
        }
        return bytes
    }

    /// The workload's texts hold nothing that JSON must escape.
    private static func append(_ name: String, _ field: Field, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\"\(name)\":".utf8)
        switch field {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .text(let text): bytes.append(contentsOf: "\"\(text)\"".utf8)
        case .key(let key): bytes.append(contentsOf: "\"\(key.text)\"".utf8)
        }
    }
}
