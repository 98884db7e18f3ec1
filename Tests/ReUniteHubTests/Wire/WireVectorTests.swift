import Crypto
import Foundation
import ReUniteSync
import TestSupport
import Testing

/// The kept examples are a promise to other implementations.
@Suite("Wire: the formats do not change unnoticed")
struct WireVectorTests {
    /// `REUNITE_WRITE_VECTORS` writes the file anew: only for a new version of a format.
    @Test("the engine makes exactly the kept bytes, and reads in them what it put there")
    func kept() throws {
        let cases = try WireVectors().all()
        var lines: [String] = []
        for one in cases {
            let content = try #require(try one.engineContent(), "the engine refuses its own \(one.name)")
            guard case .map(var fields) = one.plain else { continue }
            fields["name"] = .text(one.name)
            fields["content"] = try Plain(json: content)
            lines.append(Plain.map(fields).canonical)
        }
        let text = "[\n" + lines.joined(separator: ",\n") + "\n]\n"
        let file = PythonDecoder.vectors("wire.json")
        if ProcessInfo.processInfo.environment["REUNITE_WRITE_VECTORS"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let keptLines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let madeLines = text.split(separator: "\n")
        try #require(keptLines.count == madeLines.count)
        for (index, (keptLine, made)) in zip(keptLines, madeLines).enumerated() {
            #expect(keptLine == made, "line \(index + 1) of wire.json")
        }
    }

    @Test(
        "the engine opens what another implementation sealed, and reads payloads of the version before",
        arguments: [("sealed.json", 4), ("payload-2.json", 3)])
    func keptElsewhere(file: String, least: Int) throws {
        let text = try String(contentsOf: PythonDecoder.vectors(file), encoding: .utf8)
        let kept = try Plain(json: text).items
        #expect(kept.count >= least)
        for one in kept {
            guard case .map(let fields) = one else { continue }
            let bytes = try #require(one["hex"].bytes)
            let wire = WireCase(name: "", what: try #require(one["what"].text), known: fields, bytes: bytes)
            #expect(try wire.engineContent() == one["content"].canonical, "\(one["name"])")
        }
    }

    @Test("the decoder that was written from the documents reads every kept example as promised")
    func decoder() throws {
        let files = ["wire.json", "sealed.json", "payload-2.json"].map { PythonDecoder.vectors($0).path }
        let result = try PythonDecoder.run(["--check"] + files)
        #expect(result.succeeded, "\(result.output)\(result.errors)")
    }

    @Test("the documents name every reason, every verdict and every confirmation word as the engine does")
    func names() throws {
        let protocolPage = try String(
            contentsOf: PythonDecoder.root.appending(path: "docs/protocol.md"), encoding: .utf8)
        for reason in Reason.allCases {
            #expect(protocolPage.contains("| \(reason.rawValue) | `\(reason.code)`"), "\(reason)")
        }
        for verdict in Verdict.allCases {
            #expect(protocolPage.contains("\(verdict.rawValue) *\(verdict)*"), "\(verdict)")
        }
        let words = try String(
            contentsOf: PythonDecoder.root.appending(path: "Schemas/wire/words.txt"), encoding: .utf8)
        #expect(words.split(whereSeparator: \.isWhitespace).map(String.init) == (0...255).flatMap { fourWords([$0]) })
    }

    @Test("the page of payloads names the dictionary's bytes as they stand beside it")
    func dictionary() throws {
        let folder = PythonDecoder.root.appending(path: "Schemas/wire")
        let digest = SHA256.hash(data: try Data(contentsOf: folder.appending(path: "dictionary-1.txt")))
        let page = try String(contentsOf: folder.appending(path: "delta.md"), encoding: .utf8)
        #expect(page.contains("`\(digest.map { String(format: "%02x", $0) }.joined())`"))
    }
}
