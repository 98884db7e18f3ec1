import Foundation
import Testing

/// Checks that a command was refused as promised: the exit status, and one plain line.
func expectRefusal(_ ran: Ran, _ status: Int32, _ location: SourceLocation = #_sourceLocation) {
    #expect(ran.status == status, "\(ran)", sourceLocation: location)
    let lines = ran.err.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.last == "", "one line is promised: \(ran)", sourceLocation: location)
    let isPlain = (try? /reunite-sync: [^\n]+ failed: [^\n]+\. [A-Z][^\n]+\./.wholeMatch(in: lines.first ?? "")) != nil
    #expect(isPlain, "WHAT failed: WHY. REMEDY. is promised: \(ran)", sourceLocation: location)
    for trace in ["Fatal error", "Thread 0", ".swift:", "DatabaseError"] {
        #expect(!ran.err.contains(trace), "\(ran)", sourceLocation: location)
    }
    guard ran.command.contains("--json") else {
        #expect(ran.out.isEmpty, "\(ran)", sourceLocation: location)
        return
    }
    let error = (try? ran.json())?["error"] ?? .null
    #expect(error.keys == ["code", "what", "why", "do"], "\(ran)", sourceLocation: location)
    let words: [Int32: String] = [
        64: "usage", 65: "bad-data", 66: "no-input", 69: "unavailable", 70: "internal-fault", 73: "cannot-create",
        74: "input-output", 75: "try-later", 77: "not-permitted", 78: "configuration",
    ]
    #expect(error["code"].text == words[status], "\(ran)", sourceLocation: location)
}
