import Foundation

/// The least that could travel: of each row its table, its id, which columns and their values; no clocks, no names.
enum Minimal {
    static func encode(_ rows: [DeltaRow]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in rows {
            bytes.append(UInt8(truncatingIfNeeded: BenchSchema.tables[row.table].number))
            append(row.isNew ? 0 : row.groups, to: &bytes)
            row.key.append(to: &bytes)
            for cell in row.cells {
                switch cell.field {
                case .null: bytes.append(0)
                case .integer(let number):
                    bytes.append(1)
                    append(UInt64(bitPattern: number << 1 ^ number >> 63), to: &bytes)
                case .text(let text):
                    append(UInt64(text.utf8.count) + 2, to: &bytes)
                    bytes += Array(text.utf8)
                case .key(let key):
                    append(16 + 2, to: &bytes)
                    key.append(to: &bytes)
                }
            }
        }
        return bytes
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// What `xz -9e` makes of bytes; nil where it is not installed.
    static func xzSize(_ bytes: [UInt8], in folder: String) throws -> Int? {
        let places = ["/usr/bin/xz", "/bin/xz", "/usr/local/bin/xz"]
        guard let program = places.first(where: { FileManager.default.fileExists(atPath: $0) })
        else { return nil }
        let path = folder + "/minimal"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-9e", "--force", "--format=xz", path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchError("xz ended with \(process.terminationStatus)") }
        let attributes = try FileManager.default.attributesOfItem(atPath: path + ".xz")
        try FileManager.default.removeItem(atPath: path + ".xz")
        return attributes[.size] as? Int
    }
}
