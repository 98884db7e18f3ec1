import Foundation
import TestSupport
import Testing

/// The decoder in Tests/Decoder, which was written from the documents alone and shares no line with the engine.
enum PythonDecoder {
    /// The repository's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appending(path: "Tests/Decoder")

    static func vectors(_ name: String) -> URL { folder.appending(path: "vectors/\(name)") }

    /// Runs the decoder.
    static func run(_ arguments: [String], input: String = "") throws -> ForeignClient.Result {
        let python = try #require(
            ForeignClient.pythonWithKeys, "no python3 with the package cryptography: run scripts/setup")
        // Without byte code files: the folder is the sources'.
        return try ForeignClient.run(
            [python, "-B", folder.appending(path: "decode.py").path] + arguments, input: input)
    }

    /// What it says of each case: canonical content, or a refusal.
    static func decode(_ cases: [WireCase]) throws -> [String] {
        try decode(cases.map(\.plain))
    }

    static func decode(_ lines: [Plain]) throws -> [String] {
        let result = try run([], input: lines.map { $0.canonical + "\n" }.joined())
        try #require(result.succeeded, "\(result.errors)")
        let answers = result.output.split(separator: "\n").map(String.init)
        try #require(answers.count == lines.count)
        return answers
    }
}
