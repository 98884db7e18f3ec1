/// A failure as JSON: `{"error":{"code":…,"what":…,"why":…,"do":…}}`, on the wire and on the command line.
public enum FailureJSON {
    public static func encode(_ failure: Failure) -> String {
        let fields = [
            ("code", failure.code.word), ("what", failure.what), ("why", failure.why), ("do", failure.remedy),
        ]
        return "{\"error\":{" + fields.map { "\"\($0.0)\":\"\(escaped($0.1))\"" }.joined(separator: ",") + "}}"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
