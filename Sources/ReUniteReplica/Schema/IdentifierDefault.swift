/// The SQL expression that gives a row its id when an insert does not: a version 7 UUID (RFC 9562, section 5.7).
///
/// A migration writes `DEFAULT (randomblob(16))`, which runs anywhere; the engine puts this expression in its place,
/// so that ids made one after the other lie beside each other in the table. It uses nothing that a client could lack:
/// `unhex` would be shorter and needs SQLite 3.41.
enum IdentifierDefault {
    static let placeholder = "(randomblob(16))"

    static func applied(to sql: String) -> String {
        var result = ""
        var rest = sql[...]
        while let range = rest.firstRange(of: placeholder) {
            result += rest[..<range.lowerBound]
            result += "(\(expression))"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static let milliseconds = "CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)"

    private static let expression: String = {
        let digits = Array("0123456789abcdef")
        let allBytes = (0..<256).map { "\(digits[$0 >> 4])\(digits[$0 & 15])" }.joined()
        // Joining blobs gives text with the same bytes, embedded zeros included; the cast makes it a blob again.
        let top = "substr(x'000102030405',(\(milliseconds)>>40)+1,1)"
        let time = [32, 24, 16, 8, 0].map { "substr(x'\(allBytes)',(\(milliseconds)>>\($0)&255)+1,1)" }
        let version = "substr(x'707172737475767778797a7b7c7d7e7f',(random()&15)+1,1)||randomblob(1)"
        let variant = "substr(x'8090a0b0',(random()&3)+1,1)||randomblob(7)"
        return "CAST(" + ([top] + time + [version, variant]).joined(separator: "||") + " AS BLOB)"
    }()
}
